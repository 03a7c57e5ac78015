import type { HttpRoutes } from './env.ts';

/** For `createRoute`: a token that the host site minted for its seller. */
export const sellerSecurity = [{ seller: [] }];
/** For `createRoute`: the host site's own API key. */
export const hostSecurity = [{ site: [] }];

/** Names the two ways to prove who calls, in `/openapi.json`. */
export function describeSecurity({ openAPIRegistry }: HttpRoutes): void {
  openAPIRegistry.registerComponent('securitySchemes', 'seller', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A short-lived JWT that the host site mints for its signed-in seller',
  });
  openAPIRegistry.registerComponent('securitySchemes', 'site', {
    type: 'http',
    scheme: 'bearer',
    description: "The host site's API key; for its backend only",
  });
}

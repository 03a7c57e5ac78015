/** The strictest policy the widget promises to live with: nothing inline, and only the covers server besides ourselves. */
export function contentSecurityPolicy(coversUrl: string): string {
  const covers = new URL(coversUrl).origin;
  return [
    `default-src 'none'`,
    `script-src 'self' ${covers}`,
    `style-src 'self'`,
    `connect-src 'self' ${covers}`,
    `img-src 'self' ${covers} blob: data:`,
    `media-src ${covers}`,
    `font-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

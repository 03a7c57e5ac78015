import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { styles } from '../jobs/styles.ts';
import type { HttpRoutes } from './env.ts';
import { embeddable } from './front-door.ts';

const folder = join(import.meta.dirname, 'styles');

/** `GET /styles/<id>.svg`: the small picture of a style. Read once, when the routes are made. */
export function addStylesRoute(app: HttpRoutes): void {
  const pictures = new Map(styles.map(({ id }) => [`${id}.svg`, readFileSync(join(folder, `${id}.svg`))]));
  app.get('/styles/:name', (c) => {
    const picture = pictures.get(c.req.param('name'));
    if (!picture) throw new AppError('not_found');
    return c.body(picture, 200, {
      ...embeddable,
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=86400',
    });
  });
}

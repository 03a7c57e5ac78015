import { AppError } from '../errors.ts';
import { parseRatio } from '../jobs/frame.ts';
import { embeddable } from './front-door.ts';
import type { HttpRoutes } from './env.ts';

/** The address of a poster that shows nothing but a play sign, for clips that were made from words alone. */
export const neutralPosterUrl = (publicUrl: string, aspectRatio: string): string =>
  `${publicUrl}/posters/${aspectRatio.replace(':', 'x')}.svg`;

/** `GET /posters/3x4.svg`: drawn in the asked shape, kept by browsers for good. */
export function addPosterRoute(app: HttpRoutes): void {
  app.get('/posters/:name', (c) => {
    const [, width, height] = /^([1-9]\d{0,2})x([1-9]\d{0,2})\.svg$/.exec(c.req.param('name')) ?? [];
    if (!width || !height) throw new AppError('not_found');
    const ratio = parseRatio(`${width}:${height}`);
    return c.body(posterOf(ratio.width * 100, ratio.height * 100), 200, {
      ...embeddable,
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });
}

function posterOf(width: number, height: number): string {
  const [x, y, size] = [width / 2, height / 2, Math.min(width, height) / 10];
  const sign = `M${x - size * 0.35} ${y - size * 0.6}v${size * 1.2}l${size} ${-size * 0.6}z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">
<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#3b3f4a"/><stop offset="1" stop-color="#14161c"/></linearGradient></defs>
<rect width="${width}" height="${height}" fill="url(#g)"/>
<circle cx="${x}" cy="${y}" r="${size * 1.3}" fill="#fff" fill-opacity=".16"/><path d="${sign}" fill="#fff" fill-opacity=".85"/>
</svg>`;
}

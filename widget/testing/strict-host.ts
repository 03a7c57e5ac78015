/** A host page with the strictest policy the widget promises to work under, with the built script. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

const policy = (origin: string) =>
  `default-src 'none'; script-src ${origin}; connect-src ${origin} 'self'; img-src ${origin} blob:; ` +
  `media-src ${origin}; style-src 'self'`;

/** `/strict/<world>/` is the page, `/strict/<world>/widget/…` the built files, loaded as a module or not by `?as=`. */
export async function answerAsStrictHost(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const [, , world, folder, file] = url.pathname.split('/');
  if (folder === 'widget' && file && /^[\w.-]+\.js$/.test(file)) {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(readFileSync(new URL(`../../dist/widget/${file}`, import.meta.url)));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy(url.origin) });
  const as = url.searchParams.get('as');
  const type = as === 'classic' ? '' : ' type="module"';
  const script = as === 'esm' ? 'kling-video-cover.esm.js' : 'kling-video-cover.js';
  response.end(
    `<!doctype html><html lang="ru"><title>Host</title>` +
      `<script${type} src="/strict/${world}/widget/${script}"></script>` +
      `<kling-video-cover server="/double/${world}" token-url="/double/${world}/token"></kling-video-cover></html>`,
  );
}

/** A host page with the strictest policy the widget promises to work under, with the built script. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

const policy = (origin: string, trustedTypes: string | null) =>
  `default-src 'none'; script-src ${origin}; connect-src ${origin} 'self'; img-src ${origin} blob:; ` +
  `media-src ${origin}; style-src 'self'` +
  (trustedTypes === null ? '' : `; require-trusted-types-for 'script'; trusted-types ${trustedTypes}`);

/** Worlds whose modes cannot be fetched at first; after the first try they can. */
const flaky = new Set<string>();

const built = (file: string) => readFileSync(new URL(`../../dist/widget/${file}`, import.meta.url));

/**
 * `/strict/<world>/` is the page, `/strict/<world>/widget/…` the built files, loaded as a module or not by `?as=`.
 * `?modes=` and `?lang=` are the element's attributes; `?flaky` refuses the file of the modes once,
 * and `?query=` stands at the end of the script's address. `?trusted=` requires Trusted Types and lists the policies that
 * may be made; `?bare` leaves the script and the element to the test.
 */
export async function answerAsStrictHost(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const [, , world, folder, file] = url.pathname.split('/');
  if (folder === 'widget' && file && /^[\w.-]+\.js$/.test(file)) {
    if (/modes[.-]/.test(file) && flaky.delete(world!)) return void response.writeHead(503).end();
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(built(file));
    return;
  }
  const headers = { 'content-security-policy': policy(url.origin, url.searchParams.get('trusted')) };
  response.writeHead(200, { 'content-type': 'text/html', ...headers });
  const as = url.searchParams.get('as');
  if (url.searchParams.has('flaky')) flaky.add(world!);
  const attributes = ['modes', 'lang'].map((name) => ` ${name}="${url.searchParams.get(name) ?? ''}"`).join('');
  const type = as === 'classic' ? '' : ' type="module"';
  const script = as === 'esm' ? 'kling-video-cover.esm.js' : 'kling-video-cover.js';
  const integrity = `sha384-${createHash('sha384').update(built(script)).digest('base64')}`;
  response.end(
    `<!doctype html><html lang="ru"><title>Host</title>` +
      (url.searchParams.has('bare')
        ? ''
        : `<script${type} src="/strict/${world}/widget/${script}${url.searchParams.get('query') ?? ''}" integrity="${integrity}"></script>` +
          `<kling-video-cover${attributes} server="/double/${world}" token-url="/double/${world}/token"></kling-video-cover>`) +
      `</html>`,
  );
}

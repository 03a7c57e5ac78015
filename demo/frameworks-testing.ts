/** Builds the examples of demo/frameworks/ as their readers would: the built widget, Vite, and each framework's compiler. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createElement, type FunctionComponent } from 'react';
import { renderToString as renderReact } from 'react-dom/server';
import type { Component as SvelteComponent } from 'svelte';
import { compile } from 'svelte/compiler';
import { render as renderSvelte } from 'svelte/server';
import { build, transformWithOxc, type Plugin, type Rolldown } from 'vite';
import { createSSRApp, type Component as VueComponent } from 'vue';
import { compileScript, parse } from 'vue/compiler-sfc';
import { renderToString as renderVue } from 'vue/server-renderer';

/** Their folders. */
export const frameworks = ['react', 'vue', 'svelte', 'angular'] as const;
export type Framework = (typeof frameworks)[number];

/** The address of the covers server in every example. */
const exampleServer = 'https://covers.example';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'demo/frameworks');
/** A folder that the build has made a package of. */
export const builtWidget = join(root, 'dist/widget');

const compilerOptions = { isCustomElement: (name: string) => name === 'kling-video-cover' };

/** What @vitejs/plugin-vue does, for this one component. */
const vue = (isServer: boolean): Plugin => ({
  name: 'vue',
  async transform(source, id) {
    if (!id.endsWith('.vue')) return null;
    const { descriptor } = parse(source, { filename: id, templateParseOptions: compilerOptions });
    const { content } = compileScript(descriptor, {
      id: 'panel',
      inlineTemplate: true,
      templateOptions: { ssr: isServer, compilerOptions },
    });
    const { code } = await transformWithOxc(content, `${id}.ts`);
    return { code, map: null, moduleType: 'js' };
  },
});

/** What @sveltejs/vite-plugin-svelte does, for this one component. */
const svelte = (isServer: boolean): Plugin => ({
  name: 'svelte',
  transform(source, id) {
    if (!id.endsWith('.svelte')) return null;
    const { js } = compile(source, { filename: id, generate: isServer ? 'server' : 'client' });
    return { code: js.code, map: null, moduleType: 'js' };
  },
});

const vueFlags = {
  __VUE_OPTIONS_API__: 'false',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
};

/** Bundles files of demo/frameworks/; answers the text of each output by its name, which for an entry is the one given here. */
export async function bundle(entries: Record<string, string>, { isServer = false } = {}): Promise<Map<string, string>> {
  process.env['NODE_ENV'] ??= 'development'; // Frameworks complain aloud; Vite would say production, where the demo does not start.
  const output = (await build({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    plugins: [vue(isServer), svelte(isServer)],
    resolve: { alias: { 'kling-video-cover': builtWidget } },
    define: vueFlags,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      ssr: isServer,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(folder, file)])),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })) as Rolldown.RolldownOutput;
  return new Map(output.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code]] : [])));
}

/** What each framework's server makes of its example: the markup inside the page. */
export async function renderOnServer(): Promise<Record<'react' | 'vue' | 'svelte', string>> {
  const output = await bundle(
    { react: 'react/panel.tsx', vue: 'vue/panel.vue', svelte: 'svelte/panel.svelte' },
    { isServer: true },
  );
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const place = mkdtempSync(join(cache, 'examples-'));
  try {
    for (const [name, code] of output) writeFileSync(join(place, name), code);
    writeFileSync(join(place, 'package.json'), '{"type":"module"}');
    const load = async (name: string) => (await import(pathToFileURL(join(place, `${name}.js`)).href)) as unknown;
    const { Panel } = (await load('react')) as { Panel: FunctionComponent };
    const vuePanel = ((await load('vue')) as { default: VueComponent }).default;
    const sveltePanel = ((await load('svelte')) as { default: SvelteComponent }).default;
    return {
      react: renderReact(createElement(Panel)),
      vue: await renderVue(createSSRApp(vuePanel)),
      svelte: renderSvelte(sveltePanel).body,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The text of a file of demo/frameworks/. */
export const exampleText = (path: string): string => readFileSync(join(folder, path), 'utf8');

const page = (script: string, markup: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Example</title><link rel="icon" href="data:,">` +
  `<body><div id="app">${markup}</div><script type="module" src="/${script}.js"></script></body></html>`;

/** What a site around the examples gives: filled in once its parts are known. */
export interface ExampleSite {
  scripts: Map<string, string>;
  /** Inside the page of a script, by the script's name. */
  markup: Record<string, string>;
  /** Of the demo panel, which knows the seller. */
  panelUrl: string;
  coversUrl: string;
}

/** Serves `/<script>` as a page, `/<script>.js`, and a backend for tokens; the site is asked anew at each request. */
export async function serveExamples(site: () => ExampleSite): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { scripts, markup, panelUrl, coversUrl } = site();
    const path = request.url!.slice(1);
    const give = (type: string, body: string | Buffer) => response.writeHead(200, { 'content-type': type }).end(body);
    if (path === 'api/video-cover-token')
      return give('application/json', await (await fetch(`${panelUrl}/${path}`)).text());
    if (path === 'photos/serum.jpg') return give('image/jpeg', readFileSync(join(root, 'demo', path)));
    if (scripts.has(path)) return give('text/javascript', scripts.get(path)!.replaceAll(exampleServer, coversUrl));
    if (scripts.has(`${path}.js`)) return give('text/html', page(path, markup[path] ?? ''));
    return response.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

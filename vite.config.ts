/**
 * Builds the widget: the script-tag build (IIFE, works with and without `type="module"`) and the ES module.
 * One config, two environments, because each build has its own entry and only one entry fits into an IIFE.
 */
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const outDir = 'dist/widget';

/** Lit asks for its notice; minifiers drop the comments in its sources. */
const licenceNotice =
  '/*! kling-video-cover: MIT. Contains Lit, (c) 2017 Google LLC, BSD-3-Clause, see LICENSE-lit.txt */';

/**
 * Lit touches two globals while it loads. Without a DOM (server-side import of a page that uses the widget) they are
 * stood in for, inside this bundle only, so that the import does not throw; the tag is then not defined.
 */
const standIns =
  'const HTMLElement=globalThis.HTMLElement??class{},document=globalThis.document??{createTreeWalker:()=>({})};';

/** Minifiers leave template literals alone, and half of the widget is css and html in template literals. */
function denseTemplates(): Plugin {
  return {
    name: 'dense-templates',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/widget\/.*\.ts$/.test(id)) return null;
      const dense = /\/styles/.test(id)
        ? code.replace(/css`[^`]*`/g, (css) =>
            css
              .replace(/\/\*.*?\*\//gs, '')
              .replace(/\s*([{};,>]|: )\s*/g, (_, mark: string) => mark.trim())
              .replace(/;}/g, '}')
              .replace(/\s+/g, ' '),
          )
        : code.replace(/\n[ \t]+/g, '\n');
      return { code: dense, map: null };
    },
  };
}

function licence(): Plugin {
  return {
    name: 'licence',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'LICENSE-lit.txt',
        source: readFileSync('node_modules/lit/LICENSE', 'utf8'),
      });
    },
  };
}

function library({ entry, format, file }: { entry: string; format: 'es' | 'iife'; file: string }) {
  return {
    consumer: 'client' as const,
    build: {
      outDir,
      emptyOutDir: format === 'iife',
      sourcemap: true,
      target: 'es2022',
      lib: { entry, name: 'KlingVideoCover', formats: [format] },
      rolldownOptions: {
        output: {
          entryFileNames: file,
          chunkFileNames: 'kling-video-cover.[name]-[hash].js',
          minify: true,
          intro: standIns,
          postBanner: licenceNotice,
        },
      },
    },
  };
}

export default defineConfig({
  publicDir: false,
  plugins: [denseTemplates(), licence()],
  environments: {
    client: library({ entry: 'widget/script-tag.ts', format: 'iife', file: 'kling-video-cover.js' }),
    module: library({ entry: 'widget/index.ts', format: 'es', file: 'kling-video-cover.esm.js' }),
  },
  builder: {
    async buildApp(builder) {
      await builder.build(builder.environments.client!);
      await builder.build(builder.environments.module!);
    },
  },
});

/**
 * Builds the widget: the script-tag build (IIFE, works with and without `type="module"`) and the ES module.
 * One config, two environments, because each build has its own entry and only one entry fits into an IIFE.
 */
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const outDir = 'dist/widget';

/** Lit is BSD-3-Clause and asks for its notice; minifiers drop the comments in its sources. */
const licenceNotice = [
  'kling-video-cover (MIT). Contains Lit, Copyright 2017 Google LLC, SPDX-License-Identifier: BSD-3-Clause,',
  'and eventsource-parser, Copyright Espen Hovlandsdal, SPDX-License-Identifier: MIT. Texts: LICENSES.txt beside this file.',
].join('\n * ');

/**
 * Lit touches two globals while it loads. Without a DOM (server-side import of a page that uses the widget) they are
 * stood in for, inside this bundle only, so that the import does not throw; the tag is then not defined.
 */
const standIns =
  'const HTMLElement=globalThis.HTMLElement??class{},document=globalThis.document??{createTreeWalker:()=>({})};';

function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle() {
      const texts = ['lit', 'eventsource-parser'].map(
        (name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`,
      );
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n\n') });
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
        output: { entryFileNames: file, minify: true, intro: standIns, postBanner: `/*!\n * ${licenceNotice}\n */` },
      },
    },
  };
}

export default defineConfig({
  publicDir: false,
  plugins: [licences()],
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

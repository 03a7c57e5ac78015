/**
 * Builds the widget: the script-tag build (IIFE, works with and without `type="module"`), what that script loads when it
 * is needed, and the ES module. One config, three environments, because each build has its own entry and only one entry
 * fits into an IIFE; what it loads later is an ES module all the same, which a classic script may import().
 */
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { faceFiles } from './.tools/face/files.ts';
import { denseTemplates, withoutLitParts } from './.tools/lean.ts';

const outDir = 'dist/widget';

/** Lit asks for its notice; minifiers drop the comments in its sources. Its copyright and conditions are in the file. */
const licenceNotice = '/*! kling-video-cover: MIT. Contains Lit: BSD-3-Clause, see LICENSE-lit.txt */';

/**
 * Lit touches two globals while it loads. Without a DOM (server-side import of a page that uses the widget) they are
 * stood in for, inside this bundle only, so that the import does not throw; the tag is then not defined.
 */
const standIns =
  'const HTMLElement=globalThis.HTMLElement??class{},document=globalThis.document??{createTreeWalker:()=>({})};';

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

/** Types, editor data and the package description: see .tools/face/. */
function publicFace(): Plugin {
  return {
    name: 'public-face',
    generateBundle() {
      for (const [fileName, source] of Object.entries(faceFiles())) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

interface Build {
  entry: string | Record<string, string>;
  format: 'es' | 'iife';
  file: string;
  /** Begins the names of the pieces that are loaded later. */
  pieces: string;
}

/** The same piece exists in several builds, so its name says whose it is; texts of the modes are not those of the cover. */
const pieceName =
  (pieces: string) =>
  ({ name, facadeModuleId }: { name: string; facadeModuleId?: string | null }) =>
    `${pieces}${facadeModuleId?.includes('/modes/i18n/') ? 'modes-' : ''}${name}-[hash].js`;

function library({ entry, format, file, pieces }: Build) {
  return {
    consumer: 'client' as const,
    build: {
      outDir,
      emptyOutDir: format === 'iife',
      sourcemap: true,
      target: 'es2022',
      lib: { entry, name: 'KlingVideoCover', formats: [format] },
      rolldownOptions: {
        // What the modes share with the cover stays in the first file and is exported from it under short names: a file
        // of its own would cost every page half a kilobyte, because two files are compressed apart.
        treeshake: { propertyReadSideEffects: false as const, unknownGlobalSideEffects: false },
        preserveEntrySignatures: 'allow-extension' as const,
        output: {
          entryFileNames: file,
          chunkFileNames: pieceName(pieces),
          minify: true,
          comments: false,
          intro: standIns,
          postBanner: licenceNotice,
        },
      },
    },
  };
}

const script = 'kling-video-cover';
export default defineConfig({
  publicDir: false,
  plugins: [denseTemplates(), withoutLitParts(), licence(), publicFace()],
  environments: {
    client: library({ entry: 'widget/script-tag.ts', format: 'iife', file: `${script}.js`, pieces: '' }),
    later: library({
      entry: { modes: 'widget/modes/index.ts', vi: 'widget/i18n/vi.ts' },
      format: 'es',
      file: `${script}.[name].js`,
      pieces: `${script}.script-`,
    }),
    module: library({
      entry: 'widget/index.ts',
      format: 'es',
      file: `${script}.esm.js`,
      pieces: `${script}.esm-`,
    }),
  },
  builder: {
    async buildApp(builder) {
      const { client, later, module } = builder.environments;
      for (const build of [client!, later!, module!]) await builder.build(build);
    },
  },
});

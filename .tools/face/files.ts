/** Everything about the widget's public face that is built beside the scripts, by file name. */
import { readFileSync } from 'node:fs';
import { tag } from '../../widget/face.ts';
import { mainTypes, reactTypes, svelteTypes, vueTypes } from './declarations.ts';
import { cssCustomData, htmlCustomData, manifest, webTypes } from './editor-data.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const types = (file: string) => ({ types: `./${file}` });

/**
 * `package.json` makes the built folder a package, so that bundlers, TypeScript and editors find the rest by
 * themselves. Angular and plain HTML need no file of their own: CUSTOM_ELEMENTS_SCHEMA and the tag name map do.
 */
export function faceFiles(): Record<string, string> {
  const { version, license } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
    license: string;
  };
  const main = `${tag.name}.d.ts`;
  const module = `${tag.name}.esm.js`;
  return {
    'package.json': json({
      name: tag.name,
      version,
      description: tag.text,
      license,
      type: 'module',
      exports: {
        '.': { ...types(main), default: `./${module}` },
        './react': types('react.d.ts'),
        './vue': types('vue.d.ts'),
        './svelte': types('svelte.d.ts'),
        './*.json': './*.json',
      },
      types: `./${main}`,
      customElements: 'custom-elements.json',
      'web-types': './web-types.json',
    }),
    [main]: mainTypes(),
    'react.d.ts': reactTypes(),
    'vue.d.ts': vueTypes(),
    'svelte.d.ts': svelteTypes(),
    'custom-elements.json': json(manifest(module)),
    'html-custom-data.json': json(htmlCustomData()),
    'css-custom-data.json': json(cssCustomData()),
    'web-types.json': json(webTypes(version)),
  };
}

/** Build plugins that leave out of the widget's scripts what nobody reads and what the widget does without. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** `--_accent` → `--_0`: the names that are no promise to the host page. All are declared in one place. */
const privateNames = [...readFileSync('widget/styles.ts', 'utf8').matchAll(/^ +(--_[\w-]+):/gm)].map(
  ([, name]) => name!,
);

function shortName(name: string): string {
  const index = privateNames.indexOf(name);
  if (index < 0) throw new Error(`${name} is not declared in widget/styles.ts`);
  return `--_${index.toString(36)}`;
}

const denseCss = (css: string) =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/--_[\w-]+/g, shortName)
    .replace(/\s*([{};,>]|: )\s*/g, (_, mark: string) => mark.trim())
    .replace(/;}/g, '}')
    .replace(/\s+/g, ' ')
    .replace(/(?<=calc\([^;}]*) \* /g, '*')
    .replace(/(?<=:[\w-]+) \+ | (?=!important)/g, (mark) => mark.trim())
    .replace(/ \/ (?=\d)/g, '/')
    .replace(/(?<![\w.#-])0(?=\.\d)/g, '');

/** Minifiers leave template literals alone, and half of the widget is css and html in template literals. */
export function denseTemplates(): Plugin {
  return {
    name: 'dense-templates',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/widget\/.*\.ts$/.test(id)) return null;
      if (/\}[^<>]*<\/(textarea|title|style|script)>/.test(code))
        this.error('This Lit writes no text inside of such an element: set a property, or look at withoutLitParts.');
      const dense = /\/styles/.test(id)
        ? code.replace(/css(`[^`]*`)/g, (_, text: string) => denseCss(text))
        : code.replace(/\n[ \t]+(?=[@.?]?[\w-]+=["$]|\/?>)/g, ' ').replace(/\n[ \t]+/g, '\n');
      return { code: dense, map: null };
    },
  };
}

/**
 * What of Lit the widget does without. A newer Lit that says it in other words stops the build.
 *
 * Globals: the host page keeps its own, whatever is in them. Lit counts its copies in three, for a warning that only its
 * development build gives, looks in four more for polyfills of old browsers and for hydration, and makes two for decorated
 * properties, which the widget has none of.
 *
 * Styles: the element adopts its one sheet itself. Lit would put style elements where there is no `adoptedStyleSheets`,
 * which a strict policy forbids, and the widget's colours (`light-dark()`, Safari 17.5) need newer browsers than those
 * sheets do (Safari 16.4). MDN, read 2026-11-20.
 *
 * Internals: of what Lit exports for its directives, `repeat` takes the child part only. No template here is of SVG or
 * MathML alone, none writes inside of a textarea (`denseTemplates` looks), nothing is decorated, no controller leaves before
 * its element, no attribute and no listener in a template is an object, no default is reflected.
 */
const polyfill: [pattern: RegExp, instead: string] = [/=\w+\.\w+PolyfillSupport/, '=void 0'];
const count: typeof polyfill = [/[,;]\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[^"]+"\)/, ''];
const litParts: Record<string, (typeof polyfill)[]> = {
  'css-tag.js': [[/=t\.ShadowRoot&&[^,;]+"replace"in CSSStyleSheet\.prototype/, '=!0']],
  'lit-html.js': [
    polyfill,
    count,
    [/(?<=const \w+=)\{M:.+?,I:(\w+),.+?\}(?=,)/, '{I:$1}'],
    [/(?<=\w=)2===\w\?"<svg>":3===\w\?"<math>":""/, '""'],
    [/\+\(2===\w\?"<\/svg>":3===\w\?"<\/math>":""\)/, ''],
    [/,2===(\w)\|\|3===\1\)\{.+?\}(?=for)/, ')'],
    [/if\(\w+\.test\(\w\.tagName\)\)\{.+?\}\}(?=\}else if)/, ''],
    [/\|\|(\w)\.capture!==\w\.capture\|\|\1\.once!==\w\.once\|\|\1\.passive!==\w\.passive/, ''],
  ],
  'lit-element.js': [polyfill, count, [/,\w+\.litElementHydrateSupport\?\.\(\{LitElement:\w+\}\)/, '']],
  'reactive-element.js': [
    polyfill,
    count,
    [/Symbol\.metadata\?\?=.+?,\w+\.litPropertyMetadata\?\?=new WeakMap;/, ''],
    [/const (\w)=this\[Symbol\.metadata\];if\(null!==\1\)\{.+?\}(?=this\._\$Eh=)/, ''],
    [/this\.elementStyles=this\.finalizeStyles\(this\.styles\)/, ''],
    [/static finalizeStyles\(.+?return \w\}(?=static)/, ''],
    [/return \w\((\w),this\.constructor\.elementStyles\),\1/, 'return $1'],
    [/static addInitializer\(.+?\}(?=static)/, ''],
    [/,void 0!==\w\.l&&\(this\.l=\[\.\.\.\w\.l\]\)/, ''],
    [/,this\.constructor\.l\?\.forEach\(\w=>\w\(this\)\)/, ''],
    [/removeController\(.+?\}(?=\w)/, ''],
    [/\|\|(\w)\.useDefault&&\1\.reflect&&.+?\)\)(?=\)\)return)/, ''],
    [/,this\.prototype\.hasOwnProperty\(\w\)&&\(\(\w=Object\.create\(\w\)\)\.wrapped=!0\)/, ''],
    [/const (\w)=this\.constructor\.elementProperties;if\(\1\.size>0\).+?\}(?=\}let)/, ''],
    [/case Object:case Array:\w=null==\w\?\w:JSON\.stringify\(\w\)/, ''],
    [/case Object:case Array:try\{.+?\}catch\(\w\)\{\w=null\}/, ''],
  ],
};

/** Stops the build where a pattern of the table finds nothing. */
export function withoutLitParts(): Plugin {
  return {
    name: 'without-lit-parts',
    transform(code, id) {
      const parts = litParts[id.slice(id.lastIndexOf('/') + 1)];
      if (!parts) return null;
      for (const [pattern, instead] of parts) {
        if (!pattern.test(code)) this.error(`Lit says it in other words now, look at this plugin: ${pattern}`);
        code = code.replace(pattern, instead);
      }
      return { code, map: null };
    },
  };
}

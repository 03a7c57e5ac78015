import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { customProperties, parts, tag } from '../widget/face.ts';
import { looks, themeFile } from './docs/theme-files.ts';

interface Rule {
  selector: string;
  declarations: [name: string, value: string][];
}

/** Flat rules are all that a theme has. */
function rulesOf(css: string): Rule[] {
  const bare = css.replaceAll(/\/\*.*?\*\//gs, '');
  const rules = [...bare.matchAll(/([^{}]+)\{([^{}]*)\}/g)];
  assert.equal(bare.replaceAll(/[^{}]+\{[^{}]*\}/g, '').trim(), '', 'nothing but flat rules');
  return rules.map(([, selector, body]) => ({
    selector: selector!.trim(),
    declarations: body!.split(/;\s*/).flatMap((line) => {
      const [, name, value] = /^\s*([\w-]+)\s*:\s*([\s\S]+?)\s*$/.exec(line) ?? [];
      return name && value ? [[name, value] as [string, string]] : [];
    }),
  }));
}

/** Relative luminance and contrast as WCAG 2.2 defines them (w3.org/TR/WCAG22, read 2026-11-20). */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

/** A colour with so much of another mixed in, as `color-mix(in srgb, …)` does. */
function mixed(colour: string, other: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [one, two] = [colour, other].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
    return Math.round(one! * (1 - share) + two! * share);
  });
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** How much of the text's colour is in the ground of the price, and of the accent in soft grounds (widget/styles). */
const priceShare = 0.18;
const softShare = 0.12;

const colourPair = /light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g;
const schemes = ['light', 'dark'] as const;

/** What stands on what in the widget; each must be readable as small text. */
const readable = [
  ['--kvc-text', '--kvc-surface'],
  ['--kvc-text', '--kvc-surface-2'],
  ['--kvc-text-2', '--kvc-surface'],
  ['--kvc-text-2', '--kvc-surface-2'],
  ['--kvc-on-accent', '--kvc-accent'],
  ['--kvc-accent', '--kvc-surface'],
  ['--kvc-accent', '--kvc-surface-2'],
  ['--kvc-danger', '--kvc-surface'],
  ['--kvc-success', '--kvc-surface'],
] as const;

describe('an example theme', async () => {
  const files = new Map(await Promise.all(looks.map(async (look) => [look, rulesOf(await themeFile(look))] as const)));

  it('is every file of the folder', () => {
    const names = readdirSync(new URL('public/themes', import.meta.url));
    assert.deepEqual(names.toSorted(), looks.map((look) => `${look}.css`).toSorted());
  });

  for (const [look, rules] of files) {
    const onHost = new Map(rules.find(({ selector }) => selector === tag.name)!.declarations);

    it(`${look} uses documented parts and custom properties only`, () => {
      const part = new RegExp(`^${tag.name}::part\\(([\\w-]+)\\)(:enabled|:hover|:focus-visible)?$`);
      for (const { selector, declarations } of rules) {
        if (selector === tag.name) {
          assert.deepEqual(
            declarations.filter(([name]) => !(name in customProperties)),
            [],
            'on the element only its own properties are set',
          );
        } else assert.ok((part.exec(selector)?.[1] ?? '') in parts, selector);
        for (const [, value] of declarations)
          for (const [, used] of value.matchAll(/var\((--[\w-]+)/g)) assert.ok(used! in customProperties, used);
      }
    });

    it(`${look} gives each colour of the table a light and a dark value`, () => {
      const colours = Object.keys(customProperties).filter((name) => !/radius|font|space|toast/.test(name));
      for (const name of colours) assert.match(onHost.get(name) ?? '', /^light-dark\(#\w{6}, #\w{6}\)$/, name);
    });

    for (const [scheme, schemeName] of schemes.entries()) {
      it(`${look} is readable, ${schemeName}`, () => {
        const shown = (value = '') => [...value.matchAll(colourPair)].map((pair) => pair[scheme + 1]!);
        const colour = (name: string) => shown(onHost.get(name))[0]!;
        const judge = (text: string, ground: string, what: string) => {
          const ratio = contrast(text, ground);
          assert.ok(ratio >= 4.5, `${what}: ${ratio.toFixed(2)}`);
        };
        const onAccent = colour('--kvc-on-accent');
        const judgeButton = (ground: string, what: string) => {
          judge(onAccent, ground, what);
          judge(onAccent, mixed(ground, onAccent, priceShare), `the price, ${what}`);
        };

        for (const [text, ground] of readable) judge(colour(text), colour(ground), `${text} on ${ground}`);
        const accent = colour('--kvc-accent');
        judge(accent, mixed(colour('--kvc-surface'), accent, softShare), 'accent on its soft ground');
        judgeButton(accent, 'on the accent');
        for (const { selector, declarations } of rules.filter((rule) => rule.selector !== tag.name)) {
          const own = new Map(declarations);
          const grounds = [...shown(own.get('background-color')), ...shown(own.get('background-image'))];
          const text = shown(own.get('color'))[0] ?? colour('--kvc-text-2');
          for (const ground of grounds) {
            if (selector.includes('(generate)')) judgeButton(ground, selector);
            else judge(text, ground, selector);
          }
        }
      });
    }
  }
});

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Declarations as they are written, one a line, with the file they are in. */
function declarationsOf(path: string): { name: string; value: string; place: string }[] {
  const bare = read(path).replaceAll(/\/\*.*?\*\//gs, '');
  return [...bare.matchAll(/^\s+([a-z-]+):\s*([^;{]+);/gm)].map(([, name, value]) => ({
    name: name!,
    value: value!,
    place: `${path}: ${name}: ${value!.replaceAll(/\s+/g, ' ')}`,
  }));
}

const side = 'left|right|top|bottom';
const physicalName = new RegExp(
  `^(${side}|(margin|padding|scroll-margin|scroll-padding)-(${side})|border-(${side})(-\\w+)?|border-(top|bottom)-(left|right)-radius)$`,
);
const physicalValue = {
  'text-align': /left|right/,
  float: /left|right/,
  clear: /left|right/,
  'caption-side': /left|right/,
};
/** Four values set the left and the right side apart. */
const fourSided = /^(margin|padding|inset|border-(width|style|color))$/;

/** Values between spaces, those inside of brackets being one. */
const valuesOf = (value: string) => value.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];

function isPhysical({ name, value }: { name: string; value: string }): boolean {
  if (physicalName.test(name)) return true;
  if (physicalValue[name as keyof typeof physicalValue]?.test(value)) return true;
  const values = valuesOf(value);
  return fourSided.test(name) && values.length === 4 && values[1] !== values[3];
}

describe('the widget’s styles', () => {
  const paths = globSync(['widget/styles.ts', 'widget/styles/*.ts', 'widget/modes/styles/*.ts'], { cwd: root });
  const declarations = paths.flatMap(declarationsOf);

  it('name no side of the screen where the direction of the text can be meant', () => {
    assert.ok(declarations.length > 500, 'the styles are read');
    const themes = globSync('demo/public/themes/*.css', { cwd: root }).flatMap(declarationsOf);
    assert.deepEqual(
      [...declarations, ...themes].filter(isPhysical).map(({ place }) => place),
      [],
    );
  });

  it('are judged by rules that see what they must see', () => {
    const judged = (name: string, value: string) => isPhysical({ name, value });
    for (const [name, value] of [
      ['left', '0'],
      ['margin-right', 'auto'],
      ['border-left-color', 'red'],
      ['border-top-left-radius', '4px'],
      ['text-align', 'right'],
      ['padding', '6px 6px 6px calc(var(--_space) * 4)'],
      ['inset', '8px auto auto 8px'],
    ])
      assert.ok(judged(name!, value!), name);
    for (const [name, value] of [
      ['margin-inline', '-6px'],
      ['inset', 'auto 0 0'],
      ['padding', 'calc(var(--_space) * 2) 4px 1px 4px'],
      ['text-align', 'end'],
    ])
      assert.ok(!judged(name!, value!), name);
  });

  it('give controls a height in units of spacing, not in pixels', () => {
    const fixed = declarations.filter(
      ({ name, value, place }) => name === 'min-height' && value === '44px' && !/gallery|batch/.test(place),
    );
    assert.deepEqual(fixed, [], 'the gallery alone counts its heights');
  });
});

import { expect } from '@open-wc/testing';
import { modesEn } from './en.ts';
import { modeTextsFor, type ModeTexts } from './i18n.ts';
import { modesRu } from './ru.ts';
import { modesVi } from './vi.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** What a text says; one with numbers in it says them. */
const said = (text: unknown): string =>
  typeof text === 'function' ? String((text as (...facts: unknown[]) => string)(3, 4, 5, 6)) : String(text);

/** Texts that have no words of their own: only numbers, signs and a foreign name. */
const isWordless = (text: string) => !/\p{L}{2}/u.test(text);

describe('languages of the modes', () => {
  const english = new Map(leaves(modesEn));

  for (const [name, texts] of Object.entries({ modesRu, modesVi }) satisfies [string, ModeTexts][]) {
    it(`${name} says everything, in its own words`, () => {
      expect(leaves(texts).map(([path]) => path)).to.have.members([...english.keys()]);
      const same = leaves(texts).filter(
        ([path, text]) => said(text) === said(english.get(path)) && !isWordless(said(text)),
      );
      expect(same.map(([path]) => path)).to.deep.equal([]);
    });

    it(`${name} leaves no number out and no hole in a sentence`, () => {
      for (const [path, text] of leaves(texts)) {
        expect(said(text), path)
          .to.match(/\S/)
          .and.not.match(/undefined|NaN|\[object/);
        const numbers = (words: string) => words.match(/\d+/g)?.toSorted() ?? [];
        if (typeof text === 'function') {
          expect(numbers(said(text)), path).to.deep.equal(numbers(said(english.get(path))));
        }
      }
    });
  }

  it('one that is not loaded yet comes later', async () => {
    const vietnamese = { base: 'vi' as const, modeTexts: [] };
    const loaded = await new Promise<ModeTexts | undefined>((resolve) => {
      const now = modeTextsFor(vietnamese, () => resolve(modeTextsFor(vietnamese, () => undefined)));
      if (now) resolve(now);
    });
    expect(loaded).to.equal(modesVi);
  });
});

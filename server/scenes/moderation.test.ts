import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createModeration } from './moderation.ts';
import { patient, quick, startOpenAi } from './testing.ts';
import { createWordList } from './word-list.ts';

const one = (text: string) => [{ field: 'prompt', text }];

describe('a list of words', () => {
  const isIn = (word: string, text: string) => createWordList([word]).isIn(text);

  it('is met as whole words in any case, with ё for е and in other forms of the same letters', () => {
    for (const [word, text] of [
      ['Мат', 'нет, МАТ!'],
      ['ёлка', 'новая Елка'],
      ['елка', 'новая ЁЛКА.'],
      ['елка', 'е\u0308лка'],
      ['gun', 'a (Gun)'],
      ['gun', 'ｇｕｎ'],
      ['gun', 'g\u200Bu\u00ADn'],
      ['súng', 'Khẩu SU\u0301NG'],
      ['red bull', 'Red\n  BULL'],
      ['18+', 'только 18+'],
      ['sex-shop', 'Sex-Shop'],
      ['C++', 'c++'],
    ] as const)
      assert.ok(isIn(word, text), `${word} in ${text}`);
  });

  it('is not met inside other words', () => {
    for (const [word, text] of [
      ['мат', 'математика'],
      ['мат', 'формат'],
      ['gun', 'gun_metal'],
      ['gun', 'begun'],
      ['18+', 'размер 18'],
      ['red bull', 'red, bull'],
      ['red bull', 'bull red'],
      ['e', 'é'],
      ['', 'anything'],
      [' \n', 'anything'],
      ['.*', 'anything'],
    ] as const)
      assert.ok(!isIn(word, text), `${word} in ${text}`);
  });

  it('takes no time to speak of for long lists and long hostile texts', () => {
    const words = Array.from({ length: 5_000 }, (_, at) => `word${at} aaaa`);
    const list = createWordList([...words, `${'a '.repeat(200)}b`, `${'a'.repeat(5_000)}b`]);
    const before = process.cpuUsage();
    for (const unit of ['a ', 'a', 'word1 ', '((', '\u0301', 'ё', '\u200B'])
      assert.equal(list.isIn(unit.repeat(50_000)), false);
    assert.ok(process.cpuUsage(before).user < 3_000_000);
  });
});

describe('moderation', () => {
  it('names the first field with a word of the site, and asks nobody', async (t) => {
    const { parts, simulator } = await startOpenAi(t);
    const fields = [
      { field: 'title', text: 'Кружка' },
      { field: 'description', text: 'Ничья МАРКА' },
      { field: 'prompt', text: 'марка и порно' },
    ];
    const refusal = await createModeration(parts).check({ siteWords: ['чужая', 'марка'], fields }, patient());
    assert.deepEqual(refusal, { field: 'description', because: 'word' });
    assert.equal(simulator.requests.length, 0);
  });

  it('asks the service about every text at once, and names its field and category', async (t) => {
    const { parts, simulator, askedMs } = await startOpenAi(t);
    const { check } = createModeration(parts);
    const fields = [
      { field: 'title', text: 'Mug' },
      { field: 'description', text: '  ' },
      { field: 'prompt', text: 'a bloodbath' },
    ];
    const refusal = await check({ siteWords: ['other'], fields }, patient());
    assert.deepEqual(refusal, { field: 'prompt', because: 'service', category: 'violence' });
    assert.deepEqual(simulator.requests[0]!.body, {
      model: 'omni-moderation-latest',
      input: ['Mug', 'a bloodbath'],
    });
    assert.equal(await check({ siteWords: [], fields: one('A calm film') }, patient()), null);
    assert.deepEqual(askedMs, [3_000, 3_000]);
  });

  it('without a key or a text asks nobody', async (t) => {
    const { parts, simulator } = await startOpenAi(t);
    const keyless = createModeration({ ...parts, openAi: undefined });
    assert.equal(await keyless.check({ siteWords: [], fields: one('porn') }, patient()), null);
    assert.equal(await createModeration(parts).check({ siteWords: ['x'], fields: one(' ') }, patient()), null);
    assert.equal(simulator.requests.length, 0);
  });

  for (const marker of ['401', '429', '500', 'html', 'cut', 'half', 'huge', 'bad-json', 'slow', 'stall'])
    it(`lets the order go on after ${marker}, and warns once a minute without the key`, quick, async (t) => {
      const isSlow = marker === 'slow' || marker === 'stall';
      const { parts, warnings, simulator, clock } = await startOpenAi(t, isSlow ? { patienceMs: 60 } : {});
      const { check } = createModeration(parts);
      const fields = one(`[[sim:${marker}]] porn`);
      assert.equal(await check({ siteWords: [], fields }, patient()), null);
      assert.equal(await check({ siteWords: [], fields }, patient()), null);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!.sentence, /orders go on/);
      assert.ok(!JSON.stringify(warnings).includes(parts.openAi.apiKey));
      assert.equal(simulator.requests.length, 2, 'no second try');
      clock.nowMs = 60_000;
      await check({ siteWords: [], fields }, patient());
      assert.equal(warnings[1]!.facts['unsaid'], 1);
    });

  it('still refuses the words of the site when the service is away', async (t) => {
    const { parts } = await startOpenAi(t);
    const fields = [...one('[[sim:500]]'), { field: 'title', text: 'Марка' }];
    const refusal = await createModeration(parts).check({ siteWords: ['марка'], fields }, patient());
    assert.deepEqual(refusal, { field: 'title', because: 'word' });
  });

  it('says nothing when its caller has left', async (t) => {
    const { parts, warnings } = await startOpenAi(t);
    const caller = AbortSignal.abort();
    assert.equal(await createModeration(parts).check({ siteWords: [], fields: one('porn') }, caller), null);
    assert.deepEqual(warnings, []);
  });
});

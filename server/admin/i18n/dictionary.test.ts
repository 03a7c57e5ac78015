import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openOffice, type Office } from '../testing.ts';
import { dictionaries } from './dictionary.ts';

let office: Office;
before(async () => void (office = await openOffice()));
after(() => office.close());

type Leaf = [path: string, value: unknown];
function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

const facts = { width: 1, height: 2, seconds: '3', megabytes: '4' };
/** Functions of the dictionaries take one count, one text or the facts of a clip. */
const textOf = ([path, value]: Leaf): unknown =>
  typeof value === 'function'
    ? (value as (given: unknown) => unknown)(path.endsWith('resultFacts') ? facts : 1)
    : value;

test('every language has every text, and none is empty', () => {
  const names = (words: object) =>
    leaves(words)
      .map(([path]) => path)
      .sort();
  assert.deepEqual(names(dictionaries.ru), names(dictionaries.en));
  for (const words of [dictionaries.ru, dictionaries.en])
    for (const leaf of leaves(words)) assert.match(String(textOf(leaf)), /\S/, leaf[0]);
});

test('Russian texts are Russian and English texts hold no Cyrillic', () => {
  const international = ['jobs.resultFacts'];
  for (const leaf of leaves(dictionaries.en))
    assert.doesNotMatch(String(textOf(leaf)), /\p{Script=Cyrillic}/u, leaf[0]);
  for (const leaf of leaves(dictionaries.ru))
    if (!international.includes(leaf[0])) assert.match(String(textOf(leaf)), /\p{Script=Cyrillic}/u, leaf[0]);
});

test('the language is the asked one, then the kept one, then that of the browser, then Russian', async () => {
  const languageOf = (text: string) => /<html lang="(\w+)">/.exec(text)![1];
  const get = async (language: string, path: string) =>
    languageOf((await openBrowser(office.address, { language }).get(path)).text);
  assert.equal(await get('en-GB,en;q=0.9', '/admin/sign-in'), 'en');
  assert.equal(await get('ru-RU,ru;q=0.9,en;q=0.8', '/admin/sign-in'), 'ru');
  assert.equal(await get('vi,en;q=0.5,ru;q=0.7', '/admin/sign-in'), 'ru');
  assert.equal(await get('de', '/admin/sign-in'), 'ru');
  assert.equal(await get('ru', '/admin/sign-in?lang=en'), 'en');

  const keeper = openBrowser(office.address, { language: 'ru' });
  await keeper.get('/admin/sign-in?lang=en');
  assert.equal(languageOf((await keeper.get('/admin/sign-in')).text), 'en');
});

test('the language links stay on the page, its query included', async () => {
  const browser = openBrowser(office.address);
  await browser.signIn();
  const { text } = await browser.get('/admin/jobs?status=failed');
  assert.match(text, /href="\/admin\/jobs\?status=failed&amp;lang=ru"/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from './told.ts';
import { words as english, type Said, type Words } from './words.en.ts';
import { words as russian } from './words.ru.ts';

const names = ['job-1', 'job-2', 'job-3', 'job-4', 'job-5', 'job-6'];
const slots = { name: 'kling-2', used: 7, slots: 5 };
const clip = { key: 'a/b.mp4', expectedBytes: 4711 };
const samples: { [K in keyof Words]: (words: Words) => Said } = {
  unchecked: (words) => words.unchecked('no such table'),
  databaseWell: (words) => words.databaseWell(),
  publicHttps: (words) => words.publicHttps('https://a.example'),
  publicHttp: (words) => words.publicHttp('http://a.example'),
  booksWell: (words) => words.booksWell(),
  booksWrong: (words) => words.booksWrong([{ accountId: 'account-1', jobId: 'job-1', text: 'a refund of 10' }]),
  noneOverdue: (words) => words.noneOverdue(),
  overdue: (words) => words.overdue(names),
  noneAbandoned: (words) => words.noneAbandoned(),
  abandoned: (words) => words.abandoned(names),
  noneUnsaved: (words) => words.noneUnsaved(),
  unsaved: (words) => words.unsaved(names, ['disk full']),
  clipsWell: (words) => words.clipsWell(42),
  clipsWrong: (words) =>
    words.clipsWrong([
      { ...clip, bytes: null },
      { ...clip, bytes: 12 },
    ]),
  unpriced: (words) => words.unpriced(names),
  noPreset: (words) => words.noPreset(),
  presetsWell: (words) => words.presetsWell(3),
  accountsUnused: (words) => words.accountsUnused(),
  accountPaused: (words) => words.accountPaused('kling-2', '1102 empty pack'),
  accountOverfull: (words) => words.accountOverfull(slots, 'KLING_CONCURRENCY'),
  budgetSpent: (words) => words.budgetSpent('kling-2', 50),
  accountWell: (words) => words.accountWell(slots, 12),
  sealBroken: (words) => words.sealBroken('kling-2'),
  kieRefuses: (words) => words.kieRefuses('code 402'),
  kieUnread: (words) => words.kieUnread('status 503'),
  kieCredits: (words) => words.kieCredits(120),
  kieEmpty: (words) => words.kieEmpty(0),
  storageWell: (words) => words.storageWell(),
  space: (words) => words.space('7.5', '/srv/clips'),
  spaceLow: (words) => words.spaceLow('0.5', '/srv/clips'),
  tasksUnlisted: (words) => words.tasksUnlisted('kling-2', 'status 503'),
  tasksWell: (words) => words.tasksWell(9, 'kling-2'),
  tasksLost: (words) => words.tasksLost(names),
  tasksTwice: (words) => words.tasksTwice(names),
  tasksFindable: (words) => words.tasksFindable(names),
  tasksAdopted: (words) => words.tasksAdopted(names),
};

/** Numbers, names and addresses; what is named from the sixth on is only counted. */
const factsOf = (text: string): string[] =>
  (text.match(/[\w./:-]*\d[\w./:-]*|https?:\S+|[A-Z]+_[A-Z_]+/g) ?? [])
    .map((fact) => fact.replace(/[.:]+$/, ''))
    .toSorted();

for (const [name, say] of Object.entries(samples))
  test(`${name} says the same facts in both languages`, () => {
    const [inEnglish, inRussian] = [say(english), say(russian)];
    assert.deepEqual(factsOf(inRussian.text), factsOf(inEnglish.text));
    assert.match(inRussian.text, /[а-я]/);
    assert.equal(inRussian.remedy === undefined, inEnglish.remedy === undefined);
    if (inRussian.remedy !== undefined) assert.match(inRussian.remedy, /[а-я]/);
    assert.doesNotMatch(`${inEnglish.text} ${inEnglish.remedy}`, /[а-я]/);
  });

test('Russian counts by its own rules', () => {
  const of = (count: number) => russian.presetsWell(count).text.split(',')[0];
  assert.deepEqual([1, 2, 5, 11, 21, 22].map(of), [
    '1 включённый пресет',
    '2 включённых пресета',
    '5 включённых пресетов',
    '11 включённых пресетов',
    '21 включённый пресет',
    '22 включённых пресета',
  ]);
});

test('a finding holds both languages, English first', () => {
  assert.deepEqual(
    told('presets', 'warning', (words) => words.noPreset()),
    { id: 'presets', state: 'warning', ...english.noPreset(), ru: russian.noPreset() },
  );
});

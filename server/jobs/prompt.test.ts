import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillPrompt, unknownVariables } from './prompt.ts';

const mug = { title: 'Clay mug', description: 'Glazed by hand' };

test('every variable becomes the value of the order, as often as it stands there', () => {
  assert.equal(
    fillPrompt('Show {title}. {description}. Only {title}!', mug),
    'Show Clay mug. Glazed by hand. Only Clay mug!',
  );
});

test('a prompt without variables is sent to the letter', () => {
  const prompt = '  Slow  orbit ,\n\n {7*7} [[sim:fail]] {} { title } ';
  assert.equal(fillPrompt(prompt, mug), prompt);
});

test('a value is plain text: its variables, lines and control characters mean nothing', () => {
  const title = '{description}\r\n$& $1 \u0007{title}\0';
  assert.equal(fillPrompt('A: {title}.', { title, description: 'secret' }), 'A: {description} $& $1 {title}.');
});

test('a missing value leaves no space, no empty quotes and no empty line behind', () => {
  const cases: [template: string, filled: string][] = [
    ['Show {title} slowly.', 'Show slowly.'],
    ['Show the product {title}.', 'Show the product.'],
    ['{title} turns.', 'turns.'],
    ['The product “{title}”, in light', 'The product, in light'],
    ['The product ({title}) in light', 'The product in light'],
    ['Calm light.\n{title}. {description}\nNo people.', 'Calm light.\nNo people.'],
    ['{title}, {description}', ''],
    ['{title}. Calm light.', 'Calm light.'],
    ['Turns. {title} {description}', 'Turns.'],
  ];
  for (const [template, filled] of cases)
    for (const none of [{}, { title: null, description: '' }, { title: ' \n ' }])
      assert.equal(fillPrompt(template, none), filled, template);
});

test('spaces that the operator wrote elsewhere stay', () => {
  assert.equal(fillPrompt('One  two\n\nthree {title}', {}), 'One  two\n\nthree');
});

test('values are shortened so that the whole fits, the description before the title, the own words never', () => {
  const prompt = 'Show {title}: {description}. End';
  const long = { title: 'Clay mug', description: 'word '.repeat(1000) };
  const filled = fillPrompt(prompt, long);
  assert.ok(filled.length <= 2500 && filled.length > 2400, String(filled.length));
  assert.match(filled, /^Show Clay mug: word word .*word\. End$/);
  assert.equal(fillPrompt(prompt, long, 26), 'Show Clay mug: word. End');
  assert.equal(fillPrompt('Full {title}', { title: 'x' }, 5), 'Full');
});

test('a shortened value ends with a whole character', () => {
  const filled = fillPrompt('{title}', { title: '😀'.repeat(10) }, 5);
  assert.equal(filled, '😀😀');
});

test('a text of any shape is filled in linear time and never grows past the limit', () => {
  const values = { title: '  '.repeat(100_000) + 'x', description: '\0 '.repeat(100_000) };
  const started = performance.now();
  assert.equal(fillPrompt('{title}{description}'.repeat(100), values).length, 100);
  assert.ok(fillPrompt('{title} '.repeat(300) + '{'.repeat(90), { title: 'abc' }).length <= 2500);
  assert.ok(performance.now() - started < 500);
});

test('names in braces that stand for nothing are told, each once', () => {
  assert.deepEqual(unknownVariables('{title} {brand} {Title} {brand} {7*7} {цена} {}'), ['brand', 'Title', 'цена']);
  assert.deepEqual(unknownVariables('{title} {description} {not a name}'), []);
});

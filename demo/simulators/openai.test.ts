import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startOpenAiSimulator, type OpenAiSimulatorOptions } from './openai.ts';

const closed = (properties: object) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const text = { type: 'string' };
const schema = closed({
  scenes: { type: 'array', items: closed({ title: text, description: text, prompt: text }) },
});
const format = { type: 'json_schema', json_schema: { name: 'scenes', strict: true, schema } };

async function simulate(t: TestContext, options: OpenAiSimulatorOptions = {}) {
  const simulator = await startOpenAiSimulator({ answerMs: 0, ...options });
  t.after(() => simulator.close());

  async function call(path: string, body: unknown, key: string | null = simulator.apiKey) {
    const answer = await fetch(`${simulator.baseUrl}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    // oxlint-disable-next-line typescript/no-explicit-any -- answers are judged field by field
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
  }

  function chat(product: object | string, changes: object = {}) {
    const content = typeof product === 'string' ? product : JSON.stringify(product);
    const messages = [{ role: 'user', content }];
    return call('chat/completions', { model: 'gpt-5.6-luna', messages, response_format: format, ...changes });
  }

  async function ideas(product: object | string) {
    const { content } = (await chat(product)).body.choices[0].message;
    return (JSON.parse(content) as { scenes: { title: string; description: string; prompt: string }[] }).scenes;
  }

  return { simulator, call, chat, ideas };
}

test('it answers three ideas about the product in the asked language, prompts in English', async (t) => {
  const { ideas } = await simulate(t);
  const product = { productName: 'Кружка «Заря»', description: 'Держит тепло. Мыть руками.' };
  const russian = await ideas({ ...product, language: 'Russian' });
  assert.equal(russian.length, 3);
  for (const { title, description, prompt } of russian) {
    assert.match(title, /Кружка «Заря»/);
    assert.match(description, /Держит тепло\.$/);
    assert.match(prompt, /^[\x20-\x7e]+$/);
  }
  assert.equal(new Set(russian.map(({ prompt }) => prompt)).size, 3);
  assert.match((await ideas({ ...product, language: 'vi' }))[0]!.title, /trong nắng sớm/);
  assert.match((await ideas({ ...product, locale: 'en-GB' }))[0]!.title, /in the morning light/);
  assert.match((await ideas(product))[0]!.title, /в утреннем свете/, 'by the letters of the text');
  assert.match((await ideas('A brass lamp\nfor reading'))[0]!.title, /^A brass lamp/);
});

test('without a schema the answer is a plain text', async (t) => {
  const { chat } = await simulate(t);
  const { body } = await chat({ name: 'Lamp' }, { response_format: undefined });
  assert.match(body.choices[0].message.content, /^Lamp in the morning light: /);
  assert.equal(body.object, 'chat.completion');
});

test('a strict schema must close every object and require every field', async (t) => {
  const { chat } = await simulate(t);
  const loose = { ...schema, additionalProperties: true };
  const optional = { ...schema, required: [] };
  for (const wrong of [loose, optional]) {
    const json_schema = { name: 'scenes', strict: true, schema: wrong };
    const { status, body } = await chat({ name: 'Lamp' }, { response_format: { ...format, json_schema } });
    assert.deepEqual([status, body.error.code], [400, 'invalid_json_schema']);
  }
});

test('who has no key, or another one, is told so without the whole key', async (t) => {
  const { call } = await simulate(t);
  const missing = await call('moderations', { input: 'x' }, null);
  assert.deepEqual([missing.status, missing.body.error.code], [401, null]);
  const wrong = await call('moderations', { input: 'x' }, 'sk-wrong-and-long-enough');
  assert.deepEqual([wrong.status, wrong.body.error.code], [401, 'invalid_api_key']);
  assert.ok(!wrong.body.error.message.includes('sk-wrong-and'));
});

test('what is no request is refused', async (t) => {
  const { call, chat } = await simulate(t);
  assert.equal((await call('chat/completions', '{')).status, 400);
  assert.equal((await call('chat/completions', '[]')).status, 400);
  assert.equal((await call('images', {})).status, 404);
  assert.equal((await chat({}, { model: undefined })).status, 400);
  assert.equal((await chat({}, { messages: [] })).status, 400);
  for (const input of [undefined, [], '', ['fine', ''], [1]])
    assert.equal((await call('moderations', { input })).status, 400);
});

test('moderation judges each text by a few words', async (t) => {
  const { call } = await simulate(t);
  const { body } = await call('moderations', { input: ['A mug', 'Как убить время', 'Khiêu dâm', 'skilled'] });
  assert.deepEqual(
    body.results.map((result: { flagged: boolean }) => result.flagged),
    [false, true, true, false],
  );
  assert.equal(body.results[1].categories.violence, true);
  assert.equal(body.results[1].categories.sexual, false);
});

test('markers refuse, cut or spoil the answer', async (t) => {
  const { simulator, chat } = await simulate(t);
  const codes = { '401': 'invalid_api_key', '429': 'rate_limit_exceeded', quota: 'insufficient_quota', '500': null };
  for (const [marker, code] of Object.entries(codes)) {
    const { body } = await chat(`[[sim:${marker}]] lamp`);
    assert.equal(body.error.code, code, marker);
  }
  assert.equal((await chat('[[sim:429]]')).headers.get('retry-after'), '20');
  for (const marker of ['cut', 'half', 'html']) await assert.rejects(chat(`[[sim:${marker}]]`), marker);

  const message = async (marker: string) => (await chat(`[[sim:${marker}]]`)).body.choices[0];
  assert.equal((await message('refusal')).message.content, null);
  assert.match((await message('refusal')).message.refusal, /sorry/);
  assert.equal((await message('length')).finish_reason, 'length');
  for (const marker of ['bad-json', 'length']) {
    const { content } = (await message(marker)).message;
    assert.throws(() => JSON.parse(content), SyntaxError);
  }
  const scenes = async (marker: string) => JSON.parse((await message(marker)).message.content).scenes;
  assert.equal((await scenes('two-scenes')).length, 2);
  assert.equal((await scenes('four-scenes')).length, 4);
  assert.equal((await scenes('empty-scene'))[1].description.trim(), '');
  assert.ok((await scenes('long-texts'))[2].prompt.length > 1000);
  assert.match((await scenes('foreign-prompt'))[0].prompt, /Товар/);
  assert.deepEqual((await chat('[[sim:huge]]')).body, {}, 'after 64 MB of nothing');
  assert.ok(simulator.requests.length > 10);
});

test('a slow answer is forgotten when its caller leaves', async (t) => {
  const { simulator } = await simulate(t, { slowMs: 3_600_000 });
  const slow = fetch(`${simulator.baseUrl}/moderations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.apiKey}` },
    body: JSON.stringify({ input: '[[sim:slow]]' }),
    signal: AbortSignal.timeout(100),
  });
  const departure = simulator.nextDeparture();
  await assert.rejects(slow, { name: 'TimeoutError' });
  await departure;
  assert.equal(simulator.requests[0]!.httpStatus, null);
});

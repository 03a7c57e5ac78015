import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startOpenAiSimulator, type OpenAiSimulator } from '../../demo/simulators/openai.ts';
import { scenesSchema, type SceneRequest, type Scenes } from '../contract.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

const product: SceneRequest = { productName: 'Lamp', description: 'Brass.' };

let openAi: OpenAiSimulator;
let server: TestServer;
before(async () => {
  openAi = await startOpenAiSimulator({ answerMs: 0 });
  const { apiKey, baseUrl } = openAi;
  server = await startTestServer({ openAi: { apiKey, baseUrl, model: 'gpt-5.6-luna' } });
});
after(async () => {
  await server.close();
  await openAi.close();
});

interface Question {
  json?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

/** By a seller of its own, who has not asked before. */
async function ask({ json = product, token, headers = {} }: Question = {}): Promise<Response> {
  const own = token ?? (await server.mint({ sub: crypto.randomUUID() }));
  return server.call('/v1/scenes', { token: own, json, headers });
}

async function scenesOf(answer: Response): Promise<Scenes> {
  assert.equal(answer.status, 200);
  return scenesSchema.parse(await answer.json());
}

describe('POST /v1/scenes', () => {
  it('answers three ideas of the service, and the default ones when it gives none', async () => {
    assert.equal((await scenesOf(await ask())).source, 'openai');
    const { scenes, source } = await scenesOf(await ask({ json: { ...product, description: '[[sim:two-scenes]]' } }));
    assert.equal(source, 'default');
    assert.equal(scenes[0]!.title, 'Lamp, close up');
  });

  it('speaks the language of the request, else of the browser, else of the token, else English', async () => {
    const title = async (question: Question) => (await scenesOf(await ask(question))).scenes[0]!.title;
    const [russian, vietnamese, english] = [/в утреннем свете/, /trong nắng sớm/, /morning light/];
    const token = await server.mint({ sub: 'vietnamese', locale: 'vi' });
    const headers = { 'accept-language': 'fr, ru-RU;q=0.8' };
    assert.match(await title({ json: { ...product, locale: 'en-GB' }, token, headers }), english);
    assert.match(await title({ token, headers }), russian);
    assert.match(await title({ token, json: { ...product, locale: 'fr' } }), vietnamese);
    assert.match(await title({}), english);
  });

  it('refuses what is no product, and takes the longest one', async () => {
    const wrong = [
      {},
      { ...product, productName: ' ' },
      { ...product, productName: 'x'.repeat(201) },
      { ...product, description: 'x'.repeat(5001) },
      { ...product, extra: 1 },
      { ...product, locale: 'x'.repeat(36) },
    ];
    for (const json of wrong) await problemOf(await ask({ json }), { status: 422, code: 'invalid_request' });
    const text = await server.call('/v1/scenes', { token: await server.mint(), body: 'text' });
    await problemOf(text, { status: 415, code: 'unsupported_media_type' });
    const longest = { productName: '😀'.repeat(100), description: 'я'.repeat(5000), locale: 'ru' };
    await scenesOf(await ask({ json: longest }));
  });

  it('is asked ten times a minute by one seller, and no other seller waits for that', async () => {
    const token = await server.mint({ sub: 'keen' });
    for (let time = 0; time < 10; time++) assert.equal((await ask({ token })).status, 200);
    const problem = await problemOf(await ask({ token }), { status: 429, code: 'rate_limited' });
    assert.ok(Number(problem['retryAfter']) > 0);
    assert.equal((await ask()).status, 200);
  });

  it('gives the question up when the seller leaves', { timeout: 5_000 }, async () => {
    const caller = new AbortController();
    const token = await server.mint({ sub: 'hasty' });
    const before = openAi.requests.length;
    const asked = fetch(`${server.url}/v1/scenes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...product, description: '[[sim:slow]]' }),
      signal: caller.signal,
    });
    while (openAi.requests.length === before) await new Promise((resolve) => setImmediate(resolve));
    const left = openAi.nextDeparture();
    caller.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    await left;
  });
});

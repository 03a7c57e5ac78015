import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { checkKling, isKlingReady, type KlingCheck, type KlingCheckName } from './kling-check.ts';
import { klingCodes } from './kling-codes.ts';
import { findDeadUrl, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const nowMs = Date.parse('2026-11-20T10:00:00.500Z');
const onTime = { date: 'Fri, 20 Nov 2026 10:00:00 GMT' };
const pair = { accessKey: 'AK-secret-1', secretKey: 'SK-secret-2' };
let server: ScriptedServer;
before(async () => {
  server = await startScriptedServer();
});
after(() => server.close());

const emptyList = { status: 200, headers: onTime, body: { code: 0, message: 'SUCCEED', data: [] } };

function packs(...rows: object[]) {
  const data = { code: 0, msg: 'success', ...(rows.length > 0 && { resource_pack_subscribe_infos: rows }) };
  return { status: 200, headers: onTime, body: { code: 0, message: 'SUCCEED', data } };
}

const pack = {
  resource_pack_name: 'Video Trial-100-5Con-1M',
  total_quantity: 100,
  remaining_quantity: 42.5,
  invalid_time: Date.parse('2027-01-31T00:00:00Z'),
  status: 'online',
};

async function check(settings: Partial<Parameters<typeof checkKling>[0]> = {}) {
  const checks = await checkKling({ ...pair, baseUrl: server.url, now: () => nowMs, ...settings });
  const of = (name: KlingCheckName) => checks.find((one) => one.name === name) as KlingCheck;
  return { checks, of, isReady: isKlingReady(checks), failed: checks.filter((one) => one.state === 'failed') };
}

test('a good account passes every check, and only two free reads were sent', async () => {
  const seenBefore = server.seen.length;
  server.script(emptyList, packs(pack));
  const { checks, isReady } = await check({ concurrency: 5 });
  assert.deepEqual(checks.map(({ state }) => state), Array(8).fill('ok')); // prettier-ignore
  assert.equal(isReady, true);
  const yearAgo = nowMs - 365 * 86_400_000;
  assert.deepEqual(
    server.seen.slice(seenBefore).map(({ method, target }) => `${method} ${target}`),
    ['GET /v1/videos/image2video?pageNum=1&pageSize=1', `GET /account/costs?start_time=${yearAgo}&end_time=${nowMs}`],
  );
});

test('no credentials, and half a pair, name the missing variables and send nothing', async () => {
  const seenBefore = server.seen.length;
  const none = await check({ accessKey: undefined, secretKey: '' });
  assert.match(none.of('credentials').text, /KLING_API_KEY, or KLING_ACCESS_KEY and KLING_SECRET_KEY/);
  assert.match((await check({ secretKey: undefined })).of('credentials').text, /KLING_SECRET_KEY is missing/);
  assert.match((await check({ accessKey: ' ' })).of('credentials').text, /KLING_ACCESS_KEY is missing/);
  assert.equal(none.isReady, false);
  assert.equal(none.of('connection').state, 'skipped');
  assert.equal(server.seen.length, seenBefore);
});

test('a key with a line break inside is called unusable', async () => {
  const { of, isReady } = await check({ apiKey: 'two\nlines' });
  assert.equal(of('credentials').state, 'failed');
  assert.equal(isReady, false);
});

for (const [baseUrl, state, words] of [
  ['api-singapore.klingai.com', 'failed', /no web address/],
  ['ftp://api-singapore.klingai.com', 'failed', /no web address/],
  ['https://me:pw@api-singapore.klingai.com', 'failed', /without user/],
  ['http://kling.invalid', 'warning', /Without https/],
  ['https://kling.invalid/v1', 'warning', /no \/v1/],
] as const) {
  test(`the address ${baseUrl} is ${state}`, async () => {
    const { of } = await check({ baseUrl });
    assert.equal(of('address').state, state);
    assert.match(of('address').text, words);
    assert.doesNotMatch(of('address').text, /pw/);
  });
}

test('an unknown name, a closed port and a broken handshake say what to look at', async (t) => {
  assert.match((await check({ baseUrl: 'https://kling.invalid' })).of('connection').text, /not found.*DNS/);
  assert.match((await check({ baseUrl: await findDeadUrl() })).of('connection').text, /Nobody listens/);
  const plain = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 no TLS here\r\n\r\n')));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as { port: number };
  t.after(() => plain.close());
  const { of, isReady } = await check({ baseUrl: `https://127.0.0.1:${port}` });
  assert.match(of('connection').text, /TLS/);
  assert.equal(isReady, false);
});

test('a caller may end a check that hangs', async () => {
  server.script('hang');
  const { of } = await check({ signal: AbortSignal.timeout(20) });
  assert.equal(of('connection').state, 'failed');
});

for (const [code, { httpStatus }] of Object.entries(klingCodes)) {
  const name = (code >= '1100' && code < '5000') ? 'permission' : 'authentication'; // prettier-ignore
  test(`code ${code} fails the ${name} with its own advice`, async () => {
    server.script({ status: httpStatus, headers: onTime, body: { code: Number(code), message: 'words' } });
    const { of, isReady, failed } = await check();
    assert.equal(isReady, false);
    assert.deepEqual(failed.map((one) => one.name), [name]); // prettier-ignore
    assert.match(of(name).text, new RegExp(`${code} .+words`));
    assert.equal(of('resource packs').state, 'skipped');
  });
}

test('an invalid key points to the regions, arrears to the console, the IP list to the address', async () => {
  for (const [code, words] of [
    [1002, /api-beijing/],
    [1003, /NTP/],
    [1101, /top it up/],
    [1102, /buy another/],
    [1304, /public IP address/],
  ] as const) {
    server.script({ status: 401, body: { code, message: '' } });
    assert.match((await check()).failed[0]!.text, words, String(code));
  }
});

test('a page that is not from Kling points to the address', async () => {
  server.script({ status: 404, body: '<html>nginx</html>' });
  assert.match((await check()).of('authentication').text, /check KLING_API_BASE/);
});

for (const [date, keyState, tokenState, words] of [
  ['Fri, 20 Nov 2026 10:00:03 GMT', 'ok', 'ok', /3 s behind/],
  ['Fri, 20 Nov 2026 09:59:54 GMT', 'ok', 'warning', /6 s ahead.*1003/],
  ['Fri, 20 Nov 2026 10:31:00 GMT', 'warning', 'warning', /1860 s behind.*1004/],
  ['Fri, 20 Nov 2026 10:02:00 GMT', 'warning', 'warning', /120 s behind.*NTP/],
] as const) {
  test(`the date ${date} is ${tokenState} for a key pair, ${keyState} for an API key`, async () => {
    server.script({ ...emptyList, headers: { date } }, packs(pack));
    const withPair = await check();
    assert.equal(withPair.of('clock').state, tokenState);
    assert.match(withPair.of('clock').text, words);
    server.script({ ...emptyList, headers: { date } }, packs(pack));
    assert.equal((await check({ apiKey: 'k-1234' })).of('clock').state, keyState);
  });
}

test('the units left come with the delay, the last day and the slots of the pack', async () => {
  const spent = { ...pack, resource_pack_name: 'Old-9Con', status: 'runOut', remaining_quantity: 0 };
  server.script(emptyList, packs(spent, pack));
  const { of } = await check({ concurrency: 20 });
  assert.match(of('resource packs').text, /42\.5 of 100 units left, valid until 2027-01-31.*12 hours late/);
  assert.equal(of('concurrency').state, 'warning');
  assert.match(of('concurrency').text, /^5 tasks at once.*KLING_CONCURRENCY is 20/);
});

test('the slots of a picture pack are not those of videos', async () => {
  server.script(emptyList, packs({ ...pack, resource_pack_name: 'Image Generation-100-9Con' }, pack));
  assert.match((await check({ concurrency: 9 })).of('concurrency').text, /^5 tasks at once.*KLING_CONCURRENCY is 9/);
});

test('no packs, no running packs and no units are a warning, for the account may be post-paid', async () => {
  for (const [answer, words] of [
    [packs(), /There are none.*1102/],
    [packs({ ...pack, status: 'expired' }), /None is in use.*expired.*1102/],
    [packs({ ...pack, remaining_quantity: 0 }), /0 of 100 units.*1102/],
  ] as const) {
    server.script(emptyList, answer);
    const { of, isReady } = await check();
    assert.equal(of('resource packs').state, 'warning');
    assert.match(of('resource packs').text, words);
    assert.equal(isReady, true);
  }
});

test('a name without slots leaves the concurrency to the operator', async () => {
  server.script(emptyList, packs({ ...pack, resource_pack_name: 'Video Generation - 10,000 entries' }));
  assert.match((await check()).of('concurrency').text, /No pack's name/);
});

test('packs that cannot be read are a warning only', async () => {
  const innerFault = { status: 200, body: { code: 0, data: { code: 1302, msg: 'slow down' } } };
  for (const answer of [{ status: 500, body: 'no' }, 'cut', innerFault] as const) {
    server.script(emptyList, answer);
    const { of, isReady } = await check();
    assert.equal(of('resource packs').state, 'warning');
    assert.match(of('resource packs').text, /could not be read/);
    assert.equal(isReady, true);
  }
});

test('no text holds a secret, not even when the service repeats it', async () => {
  server.script({ status: 401, body: { code: 1002, message: `unknown key ${pair.accessKey} ${pair.secretKey}` } });
  const { checks } = await check();
  assert.doesNotMatch(JSON.stringify(checks), /secret-[12]/);
});

test('the simulated account passes with a key pair and with an API key, and fails with a wrong one', async (t) => {
  let simulatedMs = Date.now();
  const simulator: KlingSimulator = await startKlingSimulator({ video: 'tiny', clock: () => simulatedMs });
  t.after(() => simulator.close());
  const { accessKey, secretKey, apiKey, url: baseUrl } = simulator;
  const now = Date.now;
  for (const keys of [
    { accessKey, secretKey },
    { ...pair, apiKey },
  ]) {
    simulatedMs += 2000;
    const { checks, isReady } = await check({ ...keys, baseUrl, now, concurrency: 5 });
    assert.equal(isReady, true, JSON.stringify(checks));
    assert.match(checks.at(-1)!.text, /^5 tasks/);
  }
  const wrong = await check({ accessKey, secretKey: 'another', baseUrl, now });
  assert.deepEqual(wrong.failed.map(({ name }) => name), ['authentication']); // prettier-ignore
});

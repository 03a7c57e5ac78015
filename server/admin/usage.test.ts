import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { quantile } from './usage-figures.ts';
import { openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let owner: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice();
  owner = openBrowser(office.address);
  await owner.signIn();
});
after(() => office.close());

test('a quantile is the smallest value that so many do not exceed', () => {
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile([[7, 1]], 0.95), 7);
  const once = (values: number[]) => values.map((value): [number, number] => [value, 1]);
  assert.equal(quantile(once([1, 2, 3, 4]), 0.5), 2);
  const fewLong: [number, number][] = [
    [1, 95],
    [9, 5],
  ];
  assert.deepEqual([quantile(fewLong, 0.95), quantile(fewLong, 0.96)], [1, 9]);
  assert.equal(quantile(once(Array.from({ length: 100 }, (_, n) => n + 1)), 0.95), 95);
});

test('a span without jobs says so', async () => {
  const { status, text } = await owner.get('/admin/usage');
  assert.equal(status, 200);
  assert.match(text, /No jobs in this span/);
});

test('the numbers stand in tables, without inline script, and only files of our own may run', async () => {
  const { id } = await office.seller('a').then((account) => office.job(account.id));
  await office.job((await office.seller('b')).id);
  await office.fail(id, 'provider_failed', 'x');
  office.clock.pass(61_000);
  const { text, headers } = await owner.get('/admin/usage?days=7');
  assert.match(headers.get('content-security-policy')!, /script-src 'self'$/);
  assert.doesNotMatch((await owner.get('/admin/accounts')).headers.get('content-security-policy')!, /script-src/);
  for (const [tag] of text.matchAll(/<script\b[^>]*>/g))
    assert.match(tag, /src="\/admin\/assets\/(chart|usage)\.js\?v=/);
  const value = (name: string) => new RegExp(`<dt>${name}</dt>\\s*<dd>([^<]*)`).exec(text)?.[1];
  assert.deepEqual([value('Jobs'), value('Tokens sold'), value('Refunded')], ['2', '20', '10']);
  assert.deepEqual([value('Success'), value('Waiting now')], ['0 %', '1']);
  assert.equal(text.match(/<th scope="row">\d{4}-\d\d-\d\d/g)?.length, 7);
  const other = (await owner.get('/admin/usage?preset=video-cover-10')).text;
  assert.match(other, /No jobs in this span/);
});

test('with its charts the page is below 150 kB over the wire', async () => {
  let bytes = 0;
  for (const path of [
    '/admin/usage?days=90',
    '/admin/assets/admin.css',
    '/admin/assets/chart.js',
    '/admin/assets/usage.js',
  ]) {
    const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    // The size as it was sent: a plain `fetch` would unpack it.
    const { get } = await import('node:http');
    const sent = await new Promise<Buffer>((resolve) =>
      get(`${office.address}${path}`, { headers: { 'accept-encoding': 'gzip', cookie } }, async (answer) =>
        resolve(Buffer.concat(await answer.toArray())),
      ),
    );
    assert.ok(gunzipSync(sent).length > 0, path);
    bytes += sent.length;
  }
  assert.ok(bytes < 150_000, `${bytes} bytes`);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formOn, openBrowser, openOffice, type Office } from './testing.ts';

let office: Office;
let browser: ReturnType<typeof openBrowser>;
before(async () => {
  office = await openOffice();
  browser = openBrowser(office.address);
  await browser.signIn();
});
after(() => office.close());

const pageOf = (id: string) => `/admin/accounts/${id}`;
const grantOf = (id: string) => `/admin/accounts/${id}/grants`;
const balanceOf = async (id: string) => (await office.store.accounts.get(id))!.balance;

test('a grant adds tokens once, however often the form is sent', async () => {
  const { id } = await office.seller('granted');
  const heard: unknown[] = [];
  office.store.signals.subscribe((signal) => heard.push(signal));
  const form: Record<string, string> = {
    ...(await browser.form(pageOf(id), grantOf(id))),
    amount: '1 500',
    note: 'Invoice 7',
  };
  const sent = await Promise.all([1, 2, 3].map(() => browser.post(grantOf(id), form)));
  assert.deepEqual(
    sent.map((answer) => answer.location),
    [pageOf(id), pageOf(id), pageOf(id)],
  );
  assert.equal(await balanceOf(id), 1600);
  assert.deepEqual(heard, [{ accountId: id }]);
  const [entry] = await office.store.ledger.list({ accountId: id, limit: 1 });
  assert.deepEqual(
    [entry!.kind, entry!.amount, entry!.actor, entry!.note, entry!.reference],
    ['grant', 1500, 'admin', 'Invoice 7', form['reference']],
  );
  assert.deepEqual(await office.store.ledger.disagreements(), []);
});

test('each form comes with a fresh reference', async () => {
  const { id } = await office.seller('fresh');
  const references = [await browser.form(pageOf(id), grantOf(id)), await browser.form(pageOf(id), grantOf(id))];
  assert.notEqual(references[0]!['reference'], references[1]!['reference']);
});

test('a reference that stands for another amount is refused at its field', async () => {
  const { id } = await office.seller('taken');
  const form = { ...(await browser.form(pageOf(id), grantOf(id))), amount: '5', note: 'x' };
  await browser.post(grantOf(id), form);
  const answer = await browser.post(grantOf(id), { ...form, amount: '6' });
  assert.equal(answer.status, 409);
  assert.match(answer.text, /id="reference-problem">\s*This reference already stands for another amount/);
  assert.equal(await balanceOf(id), 105);
});

test('bad grants come back with a sentence and everything typed, and add nothing', async () => {
  const { id } = await office.seller('careful');
  const form = { ...(await browser.form(pageOf(id), grantOf(id))), amount: '5', note: 'A good reason' };
  const cases: [Record<string, string>, RegExp][] = [
    [{ amount: '0' }, /id="amount-problem">\s*Write a whole number/],
    [{ amount: '-5' }, /id="amount-problem">/],
    [{ amount: '1000000001' }, /id="amount-problem">/],
    [{ amount: 'сто' }, /id="amount-problem">/],
    [{ note: ' ' }, /id="note-problem">\s*Write the reason/],
    [{ note: 'x'.repeat(501) }, /id="note-problem">\s*Shorten the reason/],
    [{ reference: '' }, /id="reference-problem">\s*Write a reference/],
  ];
  for (const [change, sentence] of cases) {
    const answer = await browser.post(grantOf(id), { ...form, ...change });
    assert.equal(answer.status, 422);
    assert.match(answer.text, sentence);
    const { amount, note, reference } = { ...form, ...change } as Record<string, string>;
    const kept = formOn(answer.text, grantOf(id));
    assert.deepEqual([kept['amount'], kept['note'], kept['reference']], [amount, note, reference]);
  }
  assert.equal(await balanceOf(id), 100);
});

test('accounts are found by a part of the user id or name, in any case and script, special signs meant literally', async () => {
  await office.seller('WB-77_a', { name: 'Ольга Ёлкина' });
  await office.seller('wb-77xa', { name: '100% хлопок' });
  const found = async (query: string) =>
    [
      ...(await browser.get(`/admin/accounts?q=${encodeURIComponent(query)}`)).text.matchAll(/>((?:WB|wb)-77[^<]*)</g),
    ].map((hit) => hit[1]);
  assert.deepEqual(await found('wb-77'), ['wb-77xa', 'WB-77_a']);
  assert.deepEqual(await found('77_'), ['WB-77_a']);
  assert.deepEqual(await found('елкина'), []);
  assert.deepEqual(await found('ёлкина'), ['WB-77_a']);
  assert.deepEqual(await found('ОЛЬГА'), ['WB-77_a']);
  assert.deepEqual(await found('0% х'), ['wb-77xa']);
  assert.deepEqual(await found('!'), []);
  assert.match((await browser.get('/admin/accounts?q=nobody-at-all')).text, /Nobody matches/);
});

test('accounts and ledgers turn pages without losing or repeating a row', async () => {
  const crowd = await openOffice();
  const visitor = openBrowser(crowd.address);
  await visitor.signIn();
  const ids: string[] = [];
  for (let at = 0; at < 65; at++) ids.unshift((await crowd.seller(`crowd-${at}`, { tokens: 0 })).id);
  const seen: string[] = [];
  let next: string | undefined = '/admin/accounts?q=crowd';
  while (next) {
    const { text } = await visitor.get(next);
    seen.push(...[...text.matchAll(/href="\/admin\/accounts\/([0-9a-f-]{36})"/g)].map((hit) => hit[1]!));
    next = /rel="next"\s+href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  assert.deepEqual(seen, ids);

  const { id } = (await crowd.store.accounts.find('panel', 'crowd-0'))!;
  for (let at = 1; at <= 31; at++)
    await crowd.store.transaction((tx) =>
      crowd.store.ledger.grant(tx, {
        id: crowd.runtime.newId(),
        accountId: id,
        amount: at,
        reference: `r${at}`,
        note: `grant-${at}.`,
        actor: 'host',
        now: 1,
      }),
    );
  const first = await visitor.get(pageOf(id));
  assert.ok(first.text.includes('grant-31.') && !first.text.includes('grant-1.'));
  const older = /rel="next"\s+href="([^"]+)"/.exec(first.text)![1]!;
  assert.ok((await visitor.get(older)).text.includes('grant-1.'));
  await crowd.close();
});

test('an account that is not there is a plain 404', async () => {
  assert.equal((await browser.get(pageOf('none'))).status, 404);
});

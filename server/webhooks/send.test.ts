import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createAddressRules } from './address.ts';
import { createSender } from './send.ts';
import { isSecret, newSecret } from './sign.ts';

describe('an address', () => {
  const check = createAddressRules(['127.0.0.1:8080', 'localhost:3000', 'panel.internal:8443', '10.0.0.5:443']);
  const verdict = (url: string) => {
    const place = check(url);
    return typeof place === 'string' ? place : place.isNamed ? 'named' : 'public';
  };

  it('must be https on a public host, but for what the operator named', () => {
    for (const [url, expected] of [
      ['https://panel.example/hooks?site=1', 'public'],
      ['https://panel.example:8443/hooks', 'public'],
      ['https://93.184.216.34/', 'public'],
      ['http://panel.example/', 'not_https'],
      ['http://127.0.0.1:8080/x', 'named'],
      ['http://localhost:3000/x', 'named'],
      ['http://127.0.0.1:8081/x', 'not_https'],
      ['https://127.0.0.1:8081/x', 'private_address'],
      ['http://panel.internal:8443/x', 'not_https'],
      ['https://panel.internal:8443/x', 'named'],
      ['http://10.0.0.5:443/x', 'not_https'],
      ['https://10.0.0.5/x', 'named'],
      ['https://10.0.0.6/x', 'private_address'],
      ['https://[::1]/x', 'private_address'],
      ['https://[::ffff:127.0.0.1]/x', 'private_address'],
      ['https://169.254.169.254/latest/meta-data', 'private_address'],
      ['https://0x7f.1/', 'private_address'],
      ['https://2130706433/', 'private_address'],
      ['https://user:word@panel.example/', 'userinfo'],
      ['ftp://panel.example/', 'not_https'],
      ['file:///etc/passwd', 'not_https'],
      ['panel.example', 'not_url'],
      ['', 'not_url'],
    ] as const)
      assert.equal(verdict(url), expected, url);
  });
});

describe('a host name', () => {
  let connections = 0;
  const bait = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  let port: number;
  before(async () => {
    await new Promise<void>((resolve) => bait.listen(0, '127.0.0.1', resolve));
    ({ port } = bait.address() as AddressInfo);
  });
  after(() => bait.close());

  const letter = () => ({ url: `https://panel.example:${port}/`, headers: {}, body: '{}' });
  const open = (answers: string[][], waitMs = 5_000) => {
    let asked = 0;
    const lookup = async () =>
      answers[Math.min(asked++, answers.length - 1)]!.map((address) => ({ address, family: 4 }));
    const checkAddress = createAddressRules([]);
    const sender = createSender({ checkAddress, deadline: () => AbortSignal.timeout(waitMs), lookup });
    return { sender, asked: () => asked };
  };
  const never = new AbortController().signal;

  it('that stands for a private address is not connected to, not even beside a public one', async () => {
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['10.0.0.1'], ['169.254.169.254'], []]) {
      const { sender } = open([addresses]);
      const answer = await sender.send(letter(), never);
      assert.deepEqual(answer, { outcome: 'failed', status: null, reason: 'private_address' }, addresses.join());
      await sender.close();
    }
    assert.equal(connections, 0);
  });

  it('that changes its address after the check gains nothing: the address judged is the one connected to', async () => {
    const { sender, asked } = open([['93.184.216.34'], ['127.0.0.1']], 150);
    const first = await sender.send(letter(), never);
    assert.equal(first.outcome, 'failed');
    assert.equal(asked(), 1);
    const second = await sender.send(letter(), never);
    assert.deepEqual(second, { outcome: 'failed', status: null, reason: 'private_address' });
    assert.equal(connections, 0);
    await sender.close();
  });
});

it('a secret is whsec_ with 32 random bytes', () => {
  const secret = newSecret();
  assert.equal(Buffer.from(secret.slice('whsec_'.length), 'base64').length, 32);
  assert.ok(isSecret(secret));
  assert.notEqual(newSecret(), secret);
  for (const bad of ['', 'whsec_', 'whsec_c2hvcnQ=', secret.slice(6), `${secret}!`]) assert.equal(isSecret(bad), false);
});

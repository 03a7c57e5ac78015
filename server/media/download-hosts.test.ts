import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostRules, isLiteral, isPublicAddress } from './download-hosts.ts';

const check = createHostRules([
  'klingai.com',
  '.Example.ORG.',
  'bücher.example',
  '127.0.0.1:4100',
  '[::1]:4101',
  'media:80',
]);

const rows: [url: string, expected: 'named' | 'listed' | string][] = [
  ['https://klingai.com/a.mp4?sign=1', 'listed'],
  ['https://p1.a.klingai.com/', 'listed'],
  ['https://KLINGAI.com./', 'listed'],
  ['https://klingai.com:443/', 'listed'],
  ['https://cdn.example.org/', 'listed'],
  ['https://xn--bcher-kva.example/', 'listed'],
  ['http://127.0.0.1:4100/a', 'named'],
  ['https://127.0.0.1:4100/a', 'named'],
  ['http://2130706433:4100/', 'named'],
  ['http://[::1]:4101/', 'named'],
  ['http://media/', 'named'],
  ['http://MEDIA.:80/', 'named'],
  ['http://klingai.com/', 'protocol'],
  ['ftp://klingai.com/', 'protocol'],
  ['file:///etc/passwd', 'protocol'],
  ['data:video/mp4,x', 'protocol'],
  ['blob:https://klingai.com/x', 'protocol'],
  ['https://klingai.com:8443/', 'port'],
  ['https://klingai.com:80/', 'port'],
  ['https://evilklingai.com/', 'host'],
  ['https://klingai.com.evil.example/', 'host'],
  ['https://klingai.com../', 'host'],
  ['https://com/', 'host'],
  ['https://klingаi.com/', 'host'],
  ['https://kⅼingai.com.evil.example/', 'host'],
  ['https://evil.example/?klingai.com', 'host'],
  ['https://evil.example/#.klingai.com', 'host'],
  ['https://evil.example\\@klingai.com/', 'host'],
  ['https://klingai.com@evil.example/', 'userinfo'],
  ['https://user:pass@klingai.com/', 'userinfo'],
  ['https://:pass@klingai.com/', 'userinfo'],
  ['http://user@127.0.0.1:4100/', 'userinfo'],
  ['https://media/', 'host'],
  ['http://127.0.0.1:4101/', 'host'],
  ['http://127.0.0.1/', 'host'],
  ['http://127.0.0.2:4100/', 'host'],
  ['http://localhost:4100/', 'host'],
  ['https://169.254.169.254/', 'host'],
  ['https://klingai.com\0.evil.example/', 'not a url'],
  ['https://', 'not a url'],
  ['/a.mp4', 'not a url'],
  ['', 'not a url'],
];
for (const [url, expected] of rows)
  test(`${JSON.stringify(url)} is ${expected}`, () => {
    const result = check(url);
    assert.equal(typeof result === 'string' ? result : result.isNamed ? 'named' : 'listed', expected);
  });

test('an address on the list allows no host that ends like it', () => {
  assert.equal(createHostRules(['0.0.1'])('https://127.0.0.1/'), 'host');
});

test('an empty list allows nothing', () => {
  assert.equal(createHostRules([])('https://klingai.com/'), 'host');
});

test('an entry that is no host is refused at once', () => {
  for (const entry of ['', 'https://klingai.com', 'klingai.com/x', 'a@b', 'a b', '*.klingai.com:x', ':80', '.'])
    assert.throws(() => createHostRules([entry]), TypeError, entry);
});

test('only addresses of the public internet are public', () => {
  for (const address of ['8.8.8.8', '::ffff:8.8.8.8', '2001:4860:4860::8888', '[2001:4860:4860::8888]', '172.32.0.1'])
    assert.equal(isPublicAddress(address), true, address);
  const others =
    '0.0.0.0 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1 172.31.255.255 192.0.2.1 ' +
    '192.168.0.1 198.18.0.1 203.0.113.5 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ' +
    '::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::8.8.8.8 2002:7f00:1:: fc00::1 fd00::1 fe80::1 fe80::1%eth0 ff02::1 ' +
    '2001:db8::1 localhost';
  for (const address of [...others.split(' '), '']) assert.equal(isPublicAddress(address), false, address);
});

test('literal addresses are told from names', () => {
  for (const host of ['127.0.0.1', '[::1]', '::1']) assert.equal(isLiteral(host), true, host);
  for (const host of ['klingai.com', '127.0.0.1.example', 'localhost']) assert.equal(isLiteral(host), false, host);
});

import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { clientAddress } from './client-address.ts';
import { acceptedLanguages } from './language.ts';

const from = (peer: string, forwarded?: string) =>
  ({ socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

test('an address is believed as far as trusted proxies wrote it, counted from the right', () => {
  const spoofed = '1.1.1.1, 2.2.2.2, 3.3.3.3';
  const table: [number, string | undefined, string][] = [
    [0, spoofed, '10.0.0.1'],
    [1, spoofed, '3.3.3.3'],
    [2, spoofed, '2.2.2.2'],
    [9, spoofed, '1.1.1.1'],
    [1, undefined, '10.0.0.1'],
    [1, '1.1.1.1, <script>', '10.0.0.1'],
    [1, ' , ,', '10.0.0.1'],
  ];
  for (const [trusted, forwarded, expected] of table)
    assert.equal(clientAddress(from('10.0.0.1', forwarded), trusted), expected);
});

test('an IPv6 customer is one address, and a mapped IPv4 address is the IPv4 one', () => {
  const one = clientAddress(from('2001:db8:1:2:aaaa::1'), 0);
  assert.equal(clientAddress(from('2001:db8:1:2:bbbb::9'), 0), one);
  assert.notEqual(clientAddress(from('2001:db8:1:3::1'), 0), one);
  assert.equal(clientAddress(from('::ffff:127.0.0.1'), 0), '127.0.0.1');
});

test('languages are read best first, refused and broken ones left out', () => {
  assert.deepEqual(acceptedLanguages('en;q=0.5, vi-VN, ru;q=0.9, *;q=0.1, fr;q=0, <x>, de;q=x'), ['vi-VN', 'ru', 'en']);
  assert.deepEqual(acceptedLanguages(undefined), []);
  assert.equal(acceptedLanguages('en,'.repeat(100_000)).length, 20);
});

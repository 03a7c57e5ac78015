import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPrivateHost } from './kie-pictures.ts';

test('hosts of this machine and this network are private, public ones are not', () => {
  const inside = ['127.0.0.1', '10.1.2.3', '192.168.0.9', '172.16.0.1', '172.31.9.9', '169.254.169.254', '0.0.0.0'];
  inside.push('localhost', 'panel', 'shop.local', 'shop.test', 'a.internal', '[::1]', '[fd00::1]', '[fe80::1]');
  for (const host of inside) assert.ok(isPrivateHost(host), host);
  const outside = ['shop.example', '8.8.8.8', '172.32.0.1', '11.0.0.1', '[2606:4700::1]', 'files.10.example'];
  for (const host of outside) assert.ok(!isPrivateHost(host), host);
});

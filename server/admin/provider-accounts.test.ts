import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProviderCredentialsRow } from '../store/schema.ts';
import { knownAccounts } from './provider-accounts.ts';

const row = (id: string): ProviderCredentialsRow => ({
  id,
  provider: id.startsWith('kie') ? 'kie' : 'kling',
  label: id,
  sealedCredentials: 'x',
  baseUrl: 'https://receiver.example',
  concurrency: 3,
  position: 1,
  enabled: true,
  createdAt: 1,
  updatedAt: 1,
});
const fixedOne = (id: string) => ({ id, provider: 'kling' as const, concurrency: 5, baseUrl: 'http://127.0.0.1:1' });

test('accounts of one set of credentials stand beside each other, each once', () => {
  const known = knownAccounts({
    fixed: [fixedOne('kling'), fixedOne('kling-images')],
    kept: [row('kling-2'), row('kling-20'), row('kie-3')],
    usedIds: ['kling', 'kling-images', 'kling-2', 'kling-20-images', 'kie', 'kie-3'],
  });
  assert.deepEqual(
    known.map(({ id, sharesWith, concurrency }) => [id, sharesWith, concurrency]),
    [
      ['kling', null, 5],
      ['kling-images', 'kling', 5],
      ['kling-2', null, 3],
      ['kling-20', null, 3],
      ['kie-3', null, 3],
      ['kling-20-images', 'kling-20', null],
    ],
  );
});

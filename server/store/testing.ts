/** What tests of the store and of everything above it start from. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { newJob } from '../jobs/new-job.ts';
import type { Runtime } from '../jobs/runtime.ts';
import type { JobRow, NewPreset } from './schema.ts';
import type { Store } from './store.ts';

/** A folder of its own under the system's temporary one. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'kvc-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface TestRuntime extends Runtime {
  /** Moves the clock; nothing else does. */
  pass(ms: number): void;
}

/** A clock that stands still until it is moved; ids and chance are real. `deadline` never comes by itself. */
export function testRuntime(startMs = Date.UTC(2026, 10, 20, 12)): TestRuntime {
  let now = startMs;
  return {
    now: () => now,
    newId: () => uuidv7(),
    random: () => 0.5,
    deadline: () => new AbortController().signal,
    pass(ms) {
      now += ms;
    },
  };
}

export const testPreset = {
  presetId: 'video-cover',
  kind: 'image-to-video',
  provider: 'kling',
  model: 'kling-v2-6',
  mode: 'std',
  seconds: 5,
  aspectRatio: '3:4',
  sound: false,
  prompt: 'A calm product shot',
  negativePrompt: '',
  tokensCost: 10,
  titles: { ru: 'Видеообложка', en: 'Video cover', vi: 'Bìa video' },
  position: 1,
  enabled: true,
} as const satisfies NewPreset;

export const testSite = {
  id: 'panel',
  name: 'Panel',
  issuer: 'https://panel.example',
  audience: 'kling-video-cover',
  sealedJwtSecret: 'sealed',
  jwksUrl: null,
  maxTokenSeconds: 900,
  origins: ['https://panel.example'],
  apiKeyHash: null,
};

/** A seller of the test site with so many tokens. */
export async function testSeller(
  store: Store,
  { userId, tokens }: { userId: string; tokens: number },
): Promise<string> {
  const now = Date.UTC(2026, 10, 20);
  await store.sites.put(testSite, now);
  const account = await store.accounts.ensure({ siteId: testSite.id, userId }, { id: uuidv7(), now });
  const grant = { id: uuidv7(), accountId: account.id, amount: tokens, reference: uuidv7(), actor: 'test', now };
  if (tokens > 0) await store.transaction((tx) => store.ledger.grant(tx, grant));
  return account.id;
}

/** A queued job row; `facts` replaces any of it. */
export function testJob(facts: Partial<JobRow> & { accountId: string }): JobRow {
  const id = uuidv7();
  const now = Date.UTC(2026, 10, 20, 12);
  const preset = { ...testPreset, choices: {}, rules: null, revision: 1, author: 'test', createdAt: now };
  const request = { presetId: preset.presetId, fit: 'crop' } as const;
  const timing = { now, deadlineAt: now + 3_600_000, expectedMs: 60_000 };
  const { accountId } = facts;
  const order = { request, requestHash: id, preset, prompt: preset.prompt, negativePrompt: preset.negativePrompt };
  return { ...newJob({ id, accountId, idempotencyKey: id, ...order, frame: null, ...timing }), ...facts };
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { examine } from '../doctor/checks.ts';
import { shippedPresets } from '../jobs/shipped-presets.ts';
import { createDiskBlobs } from '../media/disk.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createStore } from '../store/store.ts';
import { temporaryFolder, testSite } from '../store/testing.ts';
import { addSampleMonth, isFilmed } from './sample-month.ts';

describe('the sample month', async () => {
  const folder = temporaryFolder();
  const storageFolder = join(folder.path, 'media');
  const database = openSqlite(join(folder.path, 'month.db'));
  const store = createStore(database);
  const now = Date.UTC(2026, 10, 20, 12);
  const blobs = await createDiskBlobs(storageFolder);
  await store.presets.addMissing(shippedPresets, now);
  await store.sites.put(testSite, now);
  const endpoint = { url: 'https://panel.example/hook', sealedSecret: 'sealed', sealedNextSecret: null, enabled: true };
  const times = { createdAt: now, updatedAt: now };
  await store.transaction((tx) =>
    store.webhooks.addEndpoint(tx, {
      ...endpoint,
      ...times,
      id: 'hook',
      siteId: testSite.id,
      events: ['job.completed'],
    }),
  );
  const bytes = new Uint8Array([1, 2, 3]);
  const footage = async () => [{ width: 180, height: 240, picture: bytes, clips: [{ seconds: 5, bytes }] }];
  const viewer = { login: 'olga', passwordHash: async () => 'hashed' };
  const add = () => addSampleMonth({ database, blobs, siteId: testSite.id, footage, viewer, now });
  const isNew = await add();
  after(async () => {
    await store.close();
    folder.remove();
  });

  it('has jobs of all ends and presets, several reasons, and no open one', async () => {
    assert.ok(isNew);
    const jobs = await store.jobs.listAll({ limit: 1_000 });
    assert.ok(jobs.length > 300 && jobs.length < 600, `${jobs.length} jobs`);
    assert.deepEqual([...new Set(jobs.map((job) => job.status))].toSorted(), ['cancelled', 'completed', 'failed']);
    assert.equal(new Set(jobs.map((job) => job.presetId)).size, shippedPresets.filter(isFilmed).length);
    assert.ok(new Set(jobs.map((job) => job.errorCode)).size > 4);
    assert.ok((await store.accounts.list({ limit: 100 })).length >= 25);
  });

  it('finds every check of the doctor well', async () => {
    const settings = { publicUrl: 'http://127.0.0.1:8787', folders: [], concurrency: 5, dailyJobs: 0 };
    const findings = await examine({ store, blobs, now, settings });
    assert.deepEqual(
      findings.filter(({ state, id }) => state !== 'ok' && id !== 'public-address'),
      [],
    );
    assert.deepEqual(await store.ledger.disagreements(), []);
  });

  it('has each balance follow from the entry before', async () => {
    for (const { id } of await store.accounts.list({ limit: 100 })) {
      let balance = 0;
      for (const entry of await store.ledger.page({ accountId: id, limit: 1_000 })) {
        balance += entry.amount;
        assert.equal(entry.balanceAfter, balance, entry.id);
      }
    }
  });

  it('gives the usage page figures, the host page deliveries, and leaves none to be sent', async () => {
    const today = Math.floor(now / 86_400_000);
    const { groups, prompts } = await store.usage.of({ firstDay: today - 31, lastDay: today });
    const sum = (name: 'clips' | 'views' | 'downloads' | 'tokensSold' | 'tokensRefunded') =>
      groups.reduce((total, group) => total + group[name], 0);
    for (const name of ['clips', 'views', 'downloads', 'tokensSold', 'tokensRefunded'] as const)
      assert.ok(sum(name) > 0, name);
    assert.ok(new Set(groups.map(({ day }) => day)).size >= 29);
    assert.ok(prompts.length > 3);
    const deliveries = await store.webhooks.deliveries({ limit: 200 });
    assert.ok(deliveries.length > 0);
    assert.ok(deliveries.every(({ status }) => status !== 'pending'));
  });

  it('is written once', async () => {
    const before = await store.ledger.page({ limit: 5_000 });
    assert.equal(await add(), false);
    assert.equal((await store.ledger.page({ limit: 5_000 })).length, before.length);
  });
});

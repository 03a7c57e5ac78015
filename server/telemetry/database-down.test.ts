/** What Prometheus reads of a real server whose PostgreSQL is lost, silent and back. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Registry } from 'prom-client';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { startPostgresProxy } from '../faults/tcp-proxy-testing.ts';
import { openPostgres } from '../store/postgres.ts';
import { createStore, type Store } from '../store/store.ts';
import { testSeller } from '../store/testing.ts';
import { addGauges } from './gauges.ts';

const fromDatabase = /^covers_(?:open_jobs|oldest_open_job|worker_lateness|provider_)/m;

describe('metrics of a server whose database', () => {
  let postgres: TestPostgres;
  let proxy: Awaited<ReturnType<typeof startPostgresProxy>>;
  let store: Store;
  let now = 0;
  const registry = new Registry();
  /** Long enough after the last one that the database is asked anew. */
  const scrape = () => {
    now += 60_000;
    return registry.metrics();
  };

  before(async () => {
    postgres = await startPostgres();
    proxy = await startPostgresProxy(await postgres.createDatabase());
    store = createStore(await openPostgres({ url: proxy.url, maxConnections: 4, onFault: () => {} }));
    await testSeller(store, { userId: 'a', tokens: 10 });
    const account = { id: 'kling', concurrency: 5 };
    addGauges({
      registry,
      store,
      accounts: async () => [account] as never,
      ledgerIsSound: () => true,
      streamCount: () => 7,
      now: () => now,
    });
  });
  after(async () => {
    await store.close();
    await proxy.close();
    await postgres.stop();
  });

  const isWhole = (page: string) => {
    assert.match(page, /^covers_database_up 1$/m);
    assert.match(page, /^covers_oldest_open_job_seconds 0$/m);
    assert.match(page, /^covers_provider_slots\{account="kling"\} 5$/m);
  };
  const isPartial = (page: string) => {
    assert.match(page, /^covers_database_up 0$/m);
    assert.doesNotMatch(page, fromDatabase);
    assert.match(page, /^covers_ledger_sound 1$/m);
    assert.match(page, /^covers_event_streams 7$/m);
  };

  it('answers are whole', async () => isWhole(await scrape()));

  it('falls silent are told within a scrape’s time without what is read there', async () => {
    proxy.silence('others');
    const startedAt = performance.now();
    isPartial(await scrape());
    assert.ok(performance.now() - startedAt < 9_000);
  });

  it('is killed are the same, and whole again when it is back', async () => {
    await postgres.kill();
    isPartial(await scrape());
    await postgres.restart();
    isWhole(await scrape());
  });
});

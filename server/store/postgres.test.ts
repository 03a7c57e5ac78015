import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { openPostgres } from './postgres.ts';
import { storeSuite } from './store.suite.ts';

let server: TestPostgres;
before(async () => {
  server = await startPostgres();
});
after(() => server.stop());

const open = (url: string) => openPostgres({ url, maxConnections: 12, onFault: () => {} });

storeSuite('PostgreSQL', async () => open(await server.createDatabase()));

it('nodes that start together migrate once', async () => {
  const url = await server.createDatabase();
  const nodes = await Promise.all(Array.from({ length: 4 }, () => open(url)));
  await Promise.all(nodes.map((node) => node.close()));
});

it('a signal of one node reaches another', async () => {
  const url = await server.createDatabase();
  const [here, there] = [await open(url), await open(url)];
  const heard = new Promise((resolve) => there.signals.subscribe(resolve));
  here.signals.publish({ accountId: 'a', jobId: 'b' });
  assert.deepEqual(await heard, { accountId: 'a', jobId: 'b' });
  await Promise.all([here.close(), there.close()]);
});

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startKieSimulator, type KieSimulator } from '../../demo/simulators/kie.ts';
import { loadConfig } from '../config.ts';
import { startWorld, type World } from '../jobs/testing.ts';
import { createKlingAccounts } from '../providers/kling.ts';
import { createSeal } from '../secrets.ts';
import { createCheckup } from './checkup.ts';

const secret = 'a test secret that is long enough to be one';
const seal = createSeal(secret);
let world: World;
let kie: KieSimulator;
let checkUp: ReturnType<typeof createCheckup>;
before(async () => {
  world = await startWorld();
  const { url, accessKey, secretKey } = world.kling;
  const keys = { KLING_ACCESS_KEY: accessKey, KLING_SECRET_KEY: secretKey, KLING_API_BASE: url };
  kie = await startKieSimulator({ credits: 12.5 });
  const kieKeys = { KIE_API_KEY: kie.apiKey, KIE_API_BASE: kie.url };
  const config = loadConfig({ ...keys, ...kieKeys, SECRET: secret });
  const { now } = world.runtime;
  const accounts = createKlingAccounts({ id: 'kling', ...config.kling, credentials: { accessKey, secretKey }, now });
  checkUp = createCheckup({ config, store: world.store, blobs: world.blobs, seal, accounts, now });
});
after(() => Promise.all([world.close(), kie.close()]));

it('the running server examines itself and asks every provider account for its units, without a task', async () => {
  const { kling, store } = world;
  const row = { provider: 'kling', label: 'x', baseUrl: kling.url, concurrency: 3, position: 1 } as const;
  const times = { createdAt: 1, updatedAt: 1 };
  const sealed = (credentials: object) => seal.seal(JSON.stringify(credentials));
  await store.transaction(async (tx) => {
    const add = (id: string, sealedCredentials: string, enabled = true) =>
      store.providerCredentials.add(tx, { ...row, ...times, id, sealedCredentials, enabled });
    await add('kling-2', sealed({ apiKey: kling.apiKey }));
    await add('kling-3', sealed({ apiKey: 'wrong-key' }));
    await add('kling-4', createSeal('another secret, also long enough').seal('{}'));
    await add('kling-5', sealed({ apiKey: kling.apiKey }), false);
  });
  await store.transaction((tx) => {
    const sealedCredentials = sealed({ apiKey: 'wrong-key' });
    const others = { ...row, ...times, provider: 'kie', baseUrl: kie.url, enabled: true } as const;
    return store.providerCredentials.add(tx, { ...others, id: 'kie-2', position: 2, sealedCredentials });
  });
  const { findings, accounts } = await checkUp();
  assert.ok(findings.some(({ id, state }) => id === 'ledger' && state === 'ok'));
  assert.ok(!findings.some(({ id }) => /^(kling|kie)/.test(id)));
  assert.deepEqual(
    accounts.map(({ id, findings: of }) => [
      id,
      of.some(({ id: name }) => name === 'kling-resource-packs' || name === 'kie-credits'),
      of.some(({ state }) => state === 'failed'),
    ]),
    [
      ['kling', true, false],
      ['kie', true, false],
      ['kling-2', true, false],
      ['kling-3', false, true],
      ['kling-4', false, true],
      ['kie-2', false, true],
    ],
  );
  assert.equal(kling.tasks().length + kie.tasks().length, 0);
  assert.doesNotMatch(JSON.stringify(accounts), /wrong-key/);
});

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startKieSimulator, type KieSimulator } from '../../demo/simulators/kie.ts';
import { findDeadUrl } from '../providers/scripted-server.ts';
import { kieFindings } from './check-kie-account.ts';

let kie: KieSimulator;
before(async () => {
  kie = await startKieSimulator({ credits: 12.5 });
});
after(() => kie.close());

const look = async ({ apiKey = kie.apiKey, baseUrl = kie.url } = {}) => {
  const [finding] = await kieFindings({ apiKey, baseUrl });
  return finding!;
};

it('an account tells its credits, without a task', async () => {
  const full = await look();
  assert.deepEqual([full.id, full.state, full.text], ['kie-credits', 'ok', '12.5 credits left.']);
  kie.setCredits(0);
  const { id, state, text } = await look();
  assert.deepEqual([id, state, text], ['kie-credits', 'failed', '0 credits left.']);
  assert.equal(kie.tasks().length, 0);
});

it('a wrong key and a dead address are told apart, and the key is not repeated', async () => {
  const refused = await look({ apiKey: 'wrong-key' });
  assert.deepEqual([refused.id, refused.state], ['kie-account', 'failed']);
  assert.match(refused.text, /401 no access with this key/);
  const dead = await look({ baseUrl: await findDeadUrl() });
  assert.deepEqual([dead.id, dead.state], ['kie-account', 'warning']);
  assert.doesNotMatch(JSON.stringify([refused, dead]), /wrong-key/);
});

import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { after, before, describe, it, mock } from 'node:test';
import { startWorld, type World } from '../jobs/testing.ts';
import { createEventHub } from './event-hub.ts';
import { createPresenter } from './present.ts';

const seconds = 1_000;
const streams = 40;

describe('many event streams', () => {
  let world: World;
  let hub: ReturnType<typeof createEventHub>;
  const said = Array.from({ length: streams }, () => '');
  before(async () => {
    world = await startWorld();
    const { store, runtime, jobs } = world;
    const present = createPresenter({ store, runtime, jobs, link: ({ key }) => key, publicUrl: 'https://us.example' });
    mock.timers.enable({ apis: ['setInterval'] });
    hub = createEventHub({ store, present, runtime, log: { info() {}, warn() {}, error() {} } });
    const accountId = await world.seller(1);
    for (let n = 0; n < streams; n++) {
      const outgoing = new ServerResponse(new IncomingMessage(new Socket()));
      outgoing.write = (chunk: unknown) => ((said[n] += String(chunk)), true);
      outgoing.end = (chunk?: unknown) => ((said[n] += `${String(chunk ?? '')} end`), outgoing);
      const expiresAtMs = runtime.now() + (n === 0 ? 3.5 * seconds : 3_600 * seconds);
      hub.attach({ accountId: n < 5 ? accountId : await world.seller(1), outgoing, expiresAtMs, seenMs: undefined });
    }
  });
  after(async () => {
    mock.timers.reset();
    await world.close();
  });

  const passSecond = () => {
    world.runtime.pass(seconds);
    mock.timers.tick(seconds);
  };
  const beats = () => said.map((text) => text.split(': still here\n\n').length - 1);

  it('hear a heartbeat every twenty seconds, each second a twentieth of them, and one ends with its token', () => {
    for (let second = 1; second <= 20; second++) {
      const earlier = beats();
      passSecond();
      const heard = beats().filter((count, n) => count > earlier[n]!).length;
      assert.ok(heard <= streams / 20, `${heard} in the same second`);
      assert.equal(said[0]!.includes(' end'), second >= 4);
    }
    assert.deepEqual(
      beats().slice(1),
      Array.from({ length: streams - 1 }, () => 1),
    );
    for (let second = 1; second <= 20; second++) passSecond();
    assert.deepEqual(
      beats().slice(1),
      Array.from({ length: streams - 1 }, () => 2),
    );
  });

  it('hear all at once that the server stops, and not all when to come back', () => {
    let drawn = 0;
    world.runtime.random = () => (drawn++ * 0.37) % 1;
    hub.close();
    const words = said.slice(1).map((text) => /: stopping\nretry: (\d+)\n\n end$/.exec(text)?.[1]);
    assert.ok(words.every(Boolean));
    assert.ok(new Set(words).size > streams / 4);
  });
});

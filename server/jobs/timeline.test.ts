import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTimeline, redactText } from './timeline.ts';
import { startWorld, type World } from './testing.ts';

const canary = 'CANARY7f3a9b';
const jobId = '01999abc-1234-7abc-8def-0123456789ab';

describe('what is kept of the words of others', () => {
  it('holds no signed address and no credential', () => {
    const hostile = [
      `see https://cdn.example/${canary}/clip.mp4?sig=${canary}&Expires=1 now`,
      `HTTPS://user:${canary}@cdn.example/x`,
      `Authorization: Bearer ${canary}`,
      `bearer ${canary}`,
      `{"access_key":"${canary}"}`,
      `secret_key = ${canary}`,
      `token=${canary}`,
      `x-amz-signature=${canary}`,
      `eyJhbGciOiJIUzI1NiJ9.${canary}.aaaaaaaaaaaaaaaaaaaaaaaa`,
      `whsec_${canary}${'a'.repeat(30)}`,
    ];
    for (const text of hostile) assert.ok(!redactText(text).includes(canary), redactText(text));
    const detail = { deep: { authorization: canary, note: `token: ${canary}` }, list: [`https://a.example/${canary}`] };
    assert.ok(!JSON.stringify(createTimeline({ newId: () => '' }).redact(detail)).includes(canary));
  });

  it('still tells hosts, our ids, task ids and sentences', () => {
    const text = `code 1301: risk control of task 812345678901234567 for kvc-${jobId}`;
    assert.equal(redactText(text), text);
    assert.equal(redactText('from https://cdn.example:8443/a?b=c'), 'from https://cdn.example:8443/…');
  });

  it('is one line of at most 500 characters', () => {
    const kept = redactText(`a\r\nb ${'word '.repeat(1_000)}`);
    assert.ok(kept.startsWith('a b word') && kept.length <= 500);
  });
});

describe('the timeline of a job', () => {
  const rowsOf = async (world: World, id: string) => world.store.jobEvents.list({ jobId: id, limit: 500 });
  const lines = async (world: World, id: string) =>
    (await rowsOf(world, id)).map(
      ({ kind, detail }) => `${kind} ${detail['stage'] ?? detail['asked'] ?? detail['status'] ?? ''}`,
    );

  it('of a finished clip tells every answer in order and no address of the clip', async () => {
    const slow = { submittedMs: 20_000, processingMs: 120_000 };
    const world = await startWorld({ timeline: true, kling: slow });
    const { id } = await world.order(await world.seller(10));
    await world.live(200, 2);
    assert.equal((await world.read(id)).status, 'completed');
    const told = await lines(world, id);
    const looks = told.filter((line) => line === 'provider look-up').length;
    assert.ok(looks >= 1 && looks <= 3, `only changes are told: ${told.join(', ')}`);
    assert.deepEqual(
      told.filter((line, at) => line !== told[at - 1] && line !== 'provider look-up'),
      [
        'created ',
        'stage submitting',
        'provider submit',
        'stage generating',
        'stage saving',
        'provider clip',
        'stage done',
      ],
    );
    const { resultUrl } = await world.read(id);
    assert.ok(resultUrl && !JSON.stringify(await rowsOf(world, id)).includes(new URL(resultUrl).pathname));
    await world.close();
  });

  it('of a refused job ends with the words of the provider and the refund', async () => {
    const world = await startWorld({ timeline: true });
    const { id } = await world.order(await world.seller(10), '[[sim:refuse-1301]]');
    await world.live(2);
    const rows = await rowsOf(world, id);
    const [said, ended] = rows.slice(-2);
    assert.deepEqual([said!.kind, said!.detail['because'], ended!.kind], ['provider', 'content', 'ended']);
    assert.deepEqual(ended!.detail, { status: 'failed', errorCode: 'content_refused', refunded: 10 });
    await world.close();
  });

  it('of a job that meets the same refusal for long grows ever more slowly', async () => {
    const world = await startWorld({ timeline: true });
    const { id } = await world.order(await world.seller(10), '[[sim:refuse-1302]]');
    await world.live(300, 5);
    const { failures } = await world.read(id);
    const rows = await rowsOf(world, id);
    assert.ok(failures > 5);
    assert.ok(rows.length <= 3 + Math.ceil(Math.log2(failures)) + 1, `${rows.length} rows of ${failures} tries`);
    await world.close();
  });

  it('notes each callback with what it claims, for running and ended jobs alike', async () => {
    const world = await startWorld({ timeline: true });
    const { id, accountId } = await world.order(await world.seller(10));
    await world.jobs.hint(id, { task_status: 'succeed', secret: canary });
    await world.jobs.cancel(accountId, id);
    await world.jobs.hint(id, {});
    await world.jobs.hint('nobody', {});
    const calls = (await rowsOf(world, id)).filter(({ kind }) => kind === 'callback');
    assert.deepEqual(
      calls.map(({ detail }) => detail),
      [{ task_status: 'succeed', secret: '[…]' }, {}],
    );
    await world.close();
  });

  it('is not kept when the store has none', async () => {
    const world = await startWorld();
    const { id } = await world.order(await world.seller(10));
    await world.live(200, 2);
    assert.equal((await world.read(id)).status, 'completed');
    assert.deepEqual(await rowsOf(world, id), []);
    await world.close();
  });
});

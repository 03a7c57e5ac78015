import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { CreateJob, Group, Job } from '../contract.ts';
import { problemOf, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

async function seller(sub: string) {
  await server.grant(1000, { userId: sub });
  const token = await server.mint({ sub });
  const { id: uploadId } = await server.uploaded(token);
  const order = async (body: Partial<CreateJob>) => {
    const answer = await server.order(token, { key: uuidv7(), body: { presetId: 'video-cover', uploadId, ...body } });
    assert.equal(answer.status, 201, await answer.clone().text());
    return ((await answer.json()) as { job: Job }).job;
  };
  const read = async <T>(path: string) => (await (await server.call(path, { token })).json()) as Page<T>;
  const groups = async (query = '') => read<Group>(`/v1/groups${query}`);
  return { token, order, read, groups };
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

it('a group is named with an order, and the last name wins', async () => {
  const { order, groups } = await seller('naming');
  await order({ groupId: 'article-1', groupName: 'Mug' });
  await order({ groupId: 'article-1' });
  await order({ groupId: 'article-1', groupName: ' Кружка, синяя ' });
  await order({ groupId: 'unnamed' });
  const { items } = await groups();
  assert.deepEqual(
    items.map(({ id, name, jobs }) => [id, name, jobs]),
    [['article-1', 'Кружка, синяя', 3]],
  );
  assert.ok(!Number.isNaN(Date.parse(items[0]!.createdAt)));
});

it('an order that is refused names nothing', async () => {
  const { token, groups } = await seller('refused');
  const body = { presetId: 'video-cover', uploadId: 'nothing', groupId: 'g', groupName: 'G' };
  await problemOf(await server.order(token, { key: 'k', body }), { status: 404, code: 'not_found' });
  const poor = await server.mint({ sub: 'poor' });
  const { id: uploadId } = await server.uploaded(poor);
  const answer = await server.order(poor, { key: 'k', body: { ...body, uploadId } });
  await problemOf(answer, { status: 402, code: 'insufficient_tokens' });
  const ofPoor = (await (await server.call('/v1/groups', { token: poor })).json()) as Page<Group>;
  assert.deepEqual([(await groups()).items, ofPoor.items], [[], []]);
});

it('pages follow each other without gap or repeat, whatever the ids are', async () => {
  const { order, groups, token } = await seller('paging');
  const { store } = server.parts;
  const ids = ['plain', 'with space', 'a~b', 'a~a', 'Кружка/1', '?&=#%', "'--", 'x'.repeat(64)];
  for (const id of ids) {
    const { id: jobId } = await order({ groupId: id });
    const { accountId } = (await store.jobs.get(jobId))!;
    await store.transaction((tx) => store.groups.name(tx, { accountId, id, name: id, now: 7 }));
  }
  const seen: string[] = [];
  for (let query = '?limit=1'; ;) {
    const { items, nextCursor } = await groups(query);
    assert.equal(items.length, 1);
    seen.push(...items.map(({ id }) => id));
    if (nextCursor === null) break;
    query = `?limit=1&cursor=${encodeURIComponent(nextCursor)}`;
  }
  assert.deepEqual(seen.toSorted(), ids.toSorted());
  for (const query of ['limit=0', 'limit=101', 'cursor=', 'cursor=x', 'cursor=1', `cursor=1~${'x'.repeat(65)}`])
    await problemOf(await server.call(`/v1/groups?${query}`, { token }), { status: 422, code: 'invalid_request' });
});

it('another seller’s groups are not there, also under the same id', async () => {
  const [mine, other] = [await seller('mine'), await seller('other')];
  await other.order({ groupId: 'same', groupName: 'Secret' });
  assert.deepEqual((await mine.groups()).items, []);
  await mine.order({ groupId: 'same', groupName: 'Open' });
  assert.deepEqual(
    (await mine.groups()).items.map(({ name, jobs }) => [name, jobs]),
    [['Open', 1]],
  );
  assert.deepEqual(
    (await other.groups()).items.map(({ name }) => name),
    ['Secret'],
  );
  assert.equal((await mine.read<Job>('/v1/jobs?groupId=same')).items.length, 1);
});

it('jobs are found by words, and the cursor keeps the search', async () => {
  const { order, read, token } = await seller('searching');
  for (let n = 0; n < 5; n++) await order({ title: n % 2 ? `Чайник ${n}` : `Кружка ${n}%`, groupId: 'g' });
  const q = encodeURIComponent('кРУЖКА');
  const first = await read<Job>(`/v1/jobs?q=${q}&limit=2&groupId=g&kind=image-to-video`);
  const second = await read<Job>(`/v1/jobs?q=${q}&limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(
    [...first.items, ...second.items].map(({ title }) => title),
    ['Кружка 4%', 'Кружка 2%', 'Кружка 0%'],
  );
  assert.equal(second.nextCursor, null);
  assert.equal((await read<Job>(`/v1/jobs?q=${encodeURIComponent('2%')}`)).items.length, 1);
  assert.equal((await read<Job>('/v1/jobs?q=%25')).items.length, 3);
  for (const words of ['', '%20', 'x'.repeat(101)])
    await problemOf(await server.call(`/v1/jobs?q=${words}`, { token }), { status: 422, code: 'invalid_request' });
});

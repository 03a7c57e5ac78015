/** What a seller finds his things by: groups, words, kinds, public links. The facts that every database must give. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.ts';
import type { JobListQuery } from './job-lookups.ts';
import type { JobRow } from './schema.ts';
import { createStore, type Store } from './store.ts';
import { testJob, testSeller } from './testing.ts';

const now = Date.UTC(2026, 10, 20, 12);

export function librarySuite(name: string, open: () => Promise<Database>): void {
  describe(`a seller's library on ${name}`, () => {
    let store: Store;
    before(async () => {
      store = createStore(await open());
    });
    after(() => store.close());

    const seller = () => testSeller(store, { userId: uuidv7(), tokens: 0 });

    async function insert(accountId: string, facts: Partial<JobRow> = {}): Promise<JobRow> {
      const job = testJob({ accountId, ...facts });
      await store.transaction((tx) => store.jobs.insert(tx, job));
      return job;
    }
    const nameGroup = (accountId: string, group: { id: string; name: string; at?: number }) =>
      store.transaction((tx) =>
        store.groups.name(tx, { accountId, id: group.id, name: group.name, now: group.at ?? now }),
      );

    describe('groups', () => {
      it('have the name that was given last, and their first moment', async () => {
        const accountId = await seller();
        await insert(accountId, { groupId: 'a' });
        await nameGroup(accountId, { id: 'a', name: 'Old' });
        await nameGroup(accountId, { id: 'a', name: 'Новое имя', at: now + 5 });
        assert.deepEqual(await store.groups.list({ accountId, limit: 10 }), [
          { id: 'a', name: 'Новое имя', createdAt: now, jobs: 1 },
        ]);
      });

      it('count the jobs that are not deleted, and are not shown without any', async () => {
        const accountId = await seller();
        const ended = { groupId: 'a', status: 'completed' } as const;
        const jobs = [await insert(accountId, ended), await insert(accountId, ended)];
        await nameGroup(accountId, { id: 'a', name: 'A' });
        await nameGroup(accountId, { id: 'empty', name: 'Empty' });
        const counts = async () => (await store.groups.list({ accountId, limit: 10 })).map((group) => group.jobs);
        const remove = ({ id }: JobRow) => store.transaction((tx) => store.jobs.softDelete(tx, { accountId, id, now }));
        assert.deepEqual(await counts(), [2]);
        await remove(jobs[0]!);
        assert.deepEqual(await counts(), [1]);
        await remove(jobs[1]!);
        assert.deepEqual(await counts(), []);
      });

      it('of one moment are not lost between two pages', async () => {
        const accountId = await seller();
        const ids = ['a', 'B', 'c~d', 'Ж', '9', 'z'];
        for (const [at, id] of ids.entries()) {
          await insert(accountId, { groupId: id });
          await nameGroup(accountId, { id, name: id, at: at === 5 ? now + 1 : now });
        }
        const seen: string[] = [];
        for (let before; ;) {
          const page = await store.groups.list({ accountId, limit: 2, ...(before && { before }) });
          seen.push(...page.map(({ id }) => id));
          before = page.at(-1);
          if (!before) break;
        }
        assert.equal(seen[0], 'z', 'the newest comes first');
        assert.deepEqual(seen.toSorted(), ids.toSorted());
      });

      it('of two sellers are two, also with the same id', async () => {
        const [mine, other] = [await seller(), await seller()];
        for (const accountId of [mine, other, other]) await insert(accountId, { groupId: 'a' });
        await nameGroup(mine, { id: 'a', name: 'Mine' });
        await nameGroup(other, { id: 'a', name: 'Theirs' });
        const [group, ...rest] = await store.groups.list({ accountId: mine, limit: 10 });
        assert.deepEqual([group!.name, group!.jobs, rest], ['Mine', 1, []]);
      });
    });

    describe('the list of jobs', () => {
      const titlesOf = async (query: JobListQuery) => (await store.jobs.list(query)).map(({ title }) => title);

      it('finds words of title and prompt whatever their case and script', async () => {
        const accountId = await seller();
        await insert(accountId, { title: 'Глиняная Кружка', prompt: 'Плавный поворот' });
        await insert(accountId, { title: 'Clay MUG', prompt: 'Slow turn' });
        await insert(accountId, { title: 'Cốc Đất Nung', prompt: 'xoay chậm' });
        await insert(accountId, { title: null, prompt: 'Untitled kettle' });
        const found = (words: string) => titlesOf({ accountId, limit: 10, words });
        for (const words of ['глиняная кружка', 'ГЛИНЯНАЯ кружка', 'яная кРУ', 'плавный'])
          assert.deepEqual(await found(words), ['Глиняная Кружка'], words);
        for (const words of ['mug', 'clay mug', 'SLOW TURN']) assert.deepEqual(await found(words), ['Clay MUG'], words);
        for (const words of ['cốc đất nung', 'CỐC', 'XOAY CHẬM'])
          assert.deepEqual(await found(words), ['Cốc Đất Nung'], words);
        assert.deepEqual(await found('KETTLE'), [null]);
        assert.deepEqual(await found('mug kettle'), []);
      });

      it('takes the marks of a pattern for themselves', async () => {
        const accountId = await seller();
        const titles = ['50% off', '50 off', 'a_b', 'axb', 'wow!', "it's", String.raw`back\slash`, '"quoted"'];
        for (const title of titles) await insert(accountId, { title, prompt: '' });
        const found = async (words: string) => (await titlesOf({ accountId, limit: 10, words })).toSorted();
        assert.deepEqual(await found('50%'), ['50% off']);
        assert.deepEqual(await found('%'), ['50% off']);
        assert.deepEqual(await found('_'), ['a_b']);
        assert.deepEqual(await found('!'), ['wow!']);
        assert.deepEqual(await found("'s"), ["it's"]);
        assert.deepEqual(await found('\\'), [String.raw`back\slash`]);
        assert.deepEqual(await found("' or 1=1 --"), []);
        assert.deepEqual(await found('"quoted"'), ['"quoted"']);
      });

      it('finds the variants of a job, and those alone', async () => {
        const accountId = await seller();
        const root = await insert(accountId);
        const variant = await insert(accountId, { parentId: root.id });
        await insert(accountId, { parentId: variant.id });
        const found = await store.jobs.list({ accountId, parentId: root.id, limit: 10 });
        assert.deepEqual(
          found.map(({ id }) => id),
          [variant.id],
        );
      });

      it('is narrowed by kind, group and words together, page by page', async () => {
        const accountId = await seller();
        const fitting: string[] = [];
        for (let n = 0; n < 12; n++) {
          const isFitting = n % 2 === 0;
          const job = await insert(accountId, {
            title: isFitting ? `Кружка ${n}` : `Чайник ${n}`,
            groupId: n < 10 ? 'g' : 'h',
            kind: n === 4 ? 'text-to-video' : 'image-to-video',
          });
          if (isFitting && n < 10 && n !== 4) fitting.unshift(job.id);
        }
        const query = { accountId, groupId: 'g', kind: 'image-to-video', words: 'кружка', limit: 3 } as const;
        const first = await store.jobs.list(query);
        const second = await store.jobs.list({ ...query, before: first.at(-1)!.id });
        assert.deepEqual([first.length, second.length], [3, 1]);
        assert.deepEqual(
          [...first, ...second].map(({ id }) => id),
          fitting,
        );
      });

      it("shows nothing of another seller's group and words", async () => {
        const [mine, other] = [await seller(), await seller()];
        await insert(other, { groupId: 'same', title: 'Кружка' });
        assert.deepEqual(await titlesOf({ accountId: mine, limit: 10, groupId: 'same', words: 'кружка' }), []);
      });
    });

    describe('a public link', () => {
      const open = (job: JobRow) =>
        store.transaction((tx) =>
          store.shares.open(tx, { id: uuidv7(), accountId: job.accountId, jobId: job.id, createdAt: now }),
        );
      const end = ({ id: jobId }: JobRow) => store.transaction((tx) => store.shares.end(tx, { jobId, now }));
      const done = async () => insert(await seller(), { status: 'completed', stage: 'done' });

      it('is one until it is ended, also when many ask at once', async () => {
        const job = await done();
        const links = await Promise.all(Array.from({ length: 10 }, () => open(job)));
        assert.equal(new Set(links.map(({ id }) => id)).size, 1);
        assert.equal((await store.shares.job(links[0]!.id))?.id, job.id);
        await end(job);
        assert.equal(await store.shares.job(links[0]!.id), null);
        const next = await open(job);
        assert.notEqual(next.id, links[0]!.id);
        assert.equal(await store.shares.job(links[0]!.id), null, 'an ended link stays ended');
      });

      it('opened and ended by many at once is always a whole one', async () => {
        const job = await done();
        const deeds = Array.from({ length: 30 }, (_, at) => (at % 3 === 2 ? end(job) : open(job)));
        const links = (await Promise.all(deeds)).filter((link) => link !== undefined);
        assert.equal(links.length, 20);
        assert.ok(links.every(({ jobId }) => jobId === job.id));
      });

      it('shows finished jobs alone, as long as they are not deleted', async () => {
        const [job, open_] = [await done(), await insert(await seller())];
        const [{ id }, pending] = [await open(job), await open(open_)];
        assert.equal(await store.shares.job(pending.id), null);
        const { accountId } = job;
        await store.transaction((tx) => store.jobs.softDelete(tx, { accountId, id: job.id, now }));
        assert.equal(await store.shares.job(id), null);
      });
    });

    it('files are owned by the rows that name them; a linked result has none', async () => {
      const accountId = await seller();
      const kept = { width: 1, height: 1, bytes: 1, sha256: '', contentType: 'image/png' };
      const link = { url: 'https://cdn.example/x', expiresAt: now };
      const rows = [
        await insert(accountId, { image: { ...kept, key: 'copied' } }),
        await insert(accountId, { image: { ...kept, key: 'linked', link }, still: { ...kept, key: 'still' } }),
        await insert(accountId, { video: { ...kept, key: 'clip', seconds: 5 } }),
        await insert(accountId, { video: { ...kept, key: 'linked-clip', seconds: 5, link } }),
      ];
      const owned = await store.files.owned(rows.map(({ id }) => ({ key: 'x', rowId: id })));
      assert.deepEqual([...owned].toSorted(), ['clip', 'copied', 'still']);
    });
  });
}

/** The facts every database must give operators, their sessions and the audit log. Run with a way to open a new one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from './database.ts';
import type { AuditRow, OperatorRow } from './schema.ts';
import { createStore, type Store } from './store.ts';

const now = Date.UTC(2026, 10, 20, 12);
const hour = 3_600_000;

export function operatorsSuite(name: string, open: () => Promise<Database>): void {
  describe(`operators on ${name}`, () => {
    let database: Database;
    let store: Store;
    before(async () => {
      database = await open();
      store = createStore(database);
    });
    after(() => store.close());

    let people = 0;
    async function operator(facts: Partial<OperatorRow> = {}): Promise<OperatorRow> {
      const login = `person-${++people}`;
      const row = {
        id: uuidv7(),
        login,
        role: 'owner',
        passwordHash: 'first',
        createdAt: now,
        disabledAt: null,
      } as const;
      const created = await store.transaction((tx) => store.operators.create(tx, { ...row, ...facts }));
      return created!;
    }
    let browsers = 0;
    async function session(who: OperatorRow | null, facts: { expiresAt?: number } = {}): Promise<string | null> {
      const id = `session-${++browsers}`;
      const row = {
        id,
        address: 'home',
        userAgent: 'x',
        createdAt: now + browsers,
        expiresAt: now + 8 * hour,
        ...facts,
      };
      return (await store.transaction((tx) => store.operators.startSession(tx, row, who))) ? id : null;
    }
    const live = async (id: string, at = now) =>
      (await store.operators.liveSession({ ids: [id, 'x'], now: at }))?.session.id;
    const end = (wish: Omit<Parameters<Store['operators']['endSessions']>[1], 'now'>) =>
      store.transaction((tx) => store.operators.endSessions(tx, { now, ...wish }));
    const change = (from: OperatorRow, set: Partial<OperatorRow>) =>
      store.transaction((tx) => store.operators.change(tx, { from, set }));

    it('a login belongs to one, also to one who is disabled', async () => {
      const first = await operator({ disabledAt: now });
      const second = { ...first, id: uuidv7(), disabledAt: null };
      assert.equal(await store.transaction((tx) => store.operators.create(tx, second)), null);
      assert.equal((await store.operators.getByLogin(first.login))?.id, first.id);
    });

    it('of two changes made from the same state one is refused', async () => {
      const who = await operator();
      const done = await Promise.all([change(who, { passwordHash: 'one' }), change(who, { passwordHash: 'other' })]);
      assert.equal(done.filter(Boolean).length, 1);
      assert.equal(await change(who, { role: 'viewer' }), null);
    });

    it('a session is live until it ends or expires, and is known with its operator', async () => {
      const who = await operator();
      const [mine, builtIn] = [(await session(who))!, (await session(null))!];
      assert.equal(await live(mine), mine);
      assert.equal(await live(mine, now + 8 * hour), undefined);
      assert.equal((await store.operators.liveSession({ ids: [mine], now }))?.operator?.login, who.login);
      assert.equal((await store.operators.liveSession({ ids: [builtIn], now }))?.operator, null);
      assert.deepEqual(
        (await end({ id: mine })).map(({ id }) => id),
        [mine],
      );
      assert.deepEqual(await end({ id: mine }), [], 'only once');
      assert.equal(await live(mine), undefined);
      assert.equal(await live(builtIn), builtIn);
    });

    it('an operator whose password changed or who was disabled meanwhile starts no session', async () => {
      const stale = await operator();
      await change(stale, { passwordHash: 'second' });
      assert.equal(await session(stale), null);
      const gone = await operator();
      await change(gone, { disabledAt: now });
      assert.equal(await session(gone), null);
    });

    it('a password change beside sign-ins with the old password leaves no session of it', async () => {
      for (let round = 0; round < 10; round += 1) {
        const who = await operator();
        const changing = store.transaction(async (tx) => {
          await store.operators.change(tx, { from: who, set: { passwordHash: 'second' } });
          await store.operators.endSessions(tx, { now, operatorId: who.id });
        });
        const ids = await Promise.all([session(who), session(who), changing.then(() => null), session(who)]);
        for (const id of ids) if (id) assert.equal(await live(id), undefined, `round ${round}`);
      }
    });

    it("ending one operator's sessions spares the named one and those of others", async () => {
      const [who, other] = [await operator(), await operator()];
      const [one, two, kept, theirs] = [
        await session(who),
        await session(who),
        await session(who),
        await session(other),
      ];
      const ended = await end({ operatorId: who.id, except: kept! });
      assert.deepEqual(ended.map(({ id }) => id).toSorted(), [one, two].toSorted());
      assert.deepEqual([await live(kept!), await live(theirs!)], [kept, theirs]);
    });

    it('live sessions are listed newest first, and expired rows can be removed', async () => {
      const who = await operator();
      const [short, long] = [(await session(who, { expiresAt: now + 1 }))!, (await session(who))!];
      const listed = async (at: number) =>
        (await store.operators.liveSessions({ now: at, limit: 100 }))
          .map(({ session: { id } }) => id)
          .filter((id) => id === short || id === long);
      assert.deepEqual(await listed(now), [long, short]);
      assert.deepEqual(await listed(now + 1), [long]);
      await store.transaction((tx) => store.operators.removeExpiredSessions(tx, now + 1));
      assert.deepEqual(await listed(now), [long]);
    });

    it('the audit log is filtered and read page by page without a gap', async () => {
      const entries: AuditRow[] = Array.from({ length: 25 }, (_, at) => ({
        id: uuidv7(),
        at: now + at,
        actor: at % 2 ? 'anna' : 'boris',
        action: at % 5 ? 'thing.changed' : 'thing.made',
        target: `thing-${at % 3}`,
        detail: { before: { price: at }, after: { price: null, titles: { ru: 'Ж', en: 'Z' } } },
      }));
      await store.transaction(async (tx) => {
        for (const entry of entries) await store.auditLog.write(tx, entry);
      });
      const seen: AuditRow[] = [];
      for (let before: string | undefined; ; before = seen.at(-1)!.id) {
        const page = await store.auditLog.list({ limit: 10, ...(before && { before }) });
        seen.push(...page);
        if (page.length < 10) break;
      }
      assert.deepEqual(seen, entries.toReversed());
      const count = async (filter: Partial<AuditRow>) =>
        (await store.auditLog.list({ limit: 100, ...filter } as never)).length;
      assert.equal(await count({ actor: 'anna' }), 12);
      assert.equal(await count({ action: 'thing.made' }), 5);
      assert.equal(await count({ target: 'thing-0', actor: 'boris', action: 'thing.made' }), 1);
    });

    it('the database itself refuses to change or delete an entry of the audit log', async () => {
      const { auditLog } = database.tables;
      const entry = { id: uuidv7(), at: now, actor: 'a', action: 'kept', target: 't', detail: {} };
      await store.transaction((tx) => store.auditLog.write(tx, entry));
      const isRefused = (fault: Error) => /never (changed|deleted)/.test(String(fault.cause ?? fault));
      await assert.rejects(
        database.transaction((tx) => tx.update(auditLog).set({ actor: 'b' }).returning().execute()),
        isRefused,
      );
      await assert.rejects(
        database.transaction((tx) => tx.delete(auditLog).returning().execute()),
        isRefused,
      );
      assert.deepEqual(await store.auditLog.list({ limit: 1, action: 'kept' }), [entry]);
    });

    it('an audit entry of a change that failed is not there', async () => {
      const entry = { id: uuidv7(), at: now, actor: 'a', action: 'lost', target: 't', detail: {} };
      const failing = store.transaction(async (tx) => {
        await store.auditLog.write(tx, entry);
        throw new Error('no');
      });
      await assert.rejects(failing, /no/);
      assert.deepEqual(await store.auditLog.list({ limit: 1, action: 'lost' }), []);
    });
  });
}

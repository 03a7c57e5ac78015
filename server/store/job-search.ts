import { and, desc, eq, exists, gt, gte, inArray, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Database } from './database.ts';
import { isOpenJob, openStages } from './open-jobs.ts';
import type { JobRow } from './schema.ts';

/** What the operator looks for; every part given must fit. */
export interface JobSearch {
  /** A job id or its first eight characters, an external id, a task id of the provider, a seller's id or account id. */
  query?: string;
  status?: JobRow['status'];
  presetId?: string;
  siteId?: string;
  /** Created at or after. */
  from?: number;
  /** Created before. */
  until?: number;
  before?: string;
  limit: number;
}

const wholeId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A site with no more sellers is listed seller by seller, each by the index of his jobs. */
const fewSellers = 30;
const idStart = /^[0-9a-f]{8}$/;

/** The operator's search over all jobs. Every way to ask goes by an index, on both databases. */
export function createJobSearch({ read, tables }: Database) {
  const { accounts, jobs } = tables;
  const isOpen = isOpenJob(tables);
  /** Written out, as the partial index says it. */
  const lostOnes = sql`${jobs.status} in ('failed', 'cancelled')`;
  /**
   * A comparison for which no index is taken: of several filters only the narrowest may lead the search. PostgreSQL still
   * knows how many rows it fits, which it does not of a sum of words.
   */
  const isWord = (column: typeof jobs.status | typeof jobs.presetId, word: string) =>
    sql`(${column} = ${word}) is true`;

  /** Every lookup goes by an index. Answers which jobs are meant; undefined says that nothing can be. */
  async function meantBy(query: string): Promise<SQL | undefined> {
    const given = query.toLowerCase();
    const found: SQL[] = [];
    if (wholeId.test(given)) found.push(eq(jobs.id, given), eq(jobs.accountId, given));
    if (idStart.test(given))
      found.push(
        and(
          gte(jobs.id, `${given}-0000-0000-0000-000000000000`),
          lte(jobs.id, `${given}-ffff-ffff-ffff-ffffffffffff`),
        )!,
      );
    const task = await read
      .select({ id: jobs.id })
      .from(jobs)
      .where(
        or(
          eq(jobs.externalId, query),
          and(inArray(jobs.providerAccount, await providerAccounts()), eq(jobs.providerTaskId, query)),
        ),
      )
      .limit(2);
    found.push(...task.map(({ id }) => eq(jobs.id, id)));
    const siteIds = (await read.select({ id: tables.sites.id }).from(tables.sites)).map(({ id }) => id);
    const sellers = await read
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(inArray(accounts.siteId, siteIds), eq(accounts.userId, query)));
    // One by one: with a single seller the index gives his jobs in their order.
    found.push(...sellers.map(({ id }) => eq(jobs.accountId, id)));
    return or(...found);
  }

  /** In the order of times, then ids. */
  async function isOlderThan(id: string): Promise<SQL | undefined> {
    const [job] = await read.select({ createdAt: jobs.createdAt }).from(jobs).where(eq(jobs.id, id));
    if (!job) return lt(jobs.id, id);
    return and(lte(jobs.createdAt, job.createdAt), or(lt(jobs.createdAt, job.createdAt), lt(jobs.id, id)));
  }

  /** Null for a site with more than a few. */
  async function fewSellersOf(siteId: string): Promise<string[] | null> {
    const sellers = await read
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.siteId, siteId))
      .limit(fewSellers + 1);
    return sellers.length > fewSellers ? null : sellers.map(({ id }) => id);
  }

  /** The names in the rows, one step of the index each instead of a walk over all tasks. */
  async function providerAccounts(): Promise<string[]> {
    const names: string[] = [];
    for (let last = ''; ; last = names.at(-1)!) {
      const [next] = await read
        .select({ name: sql<string | null>`min(${jobs.providerAccount})` })
        .from(jobs)
        .where(gt(jobs.providerAccount, last));
      if (!next?.name) return names;
      names.push(next.name);
    }
  }

  return {
    /** Newest first, over all sellers, deleted ones too, for the admin; `before` is the id of the last job seen. */
    async listAll({ query, status, presetId, siteId, from, until, before, limit }: JobSearch): Promise<JobRow[]> {
      const meant = query === undefined ? undefined : await meantBy(query);
      if (query !== undefined && meant === undefined) return [];
      const isOfDays = from !== undefined || until !== undefined;
      const hasLead = meant !== undefined || isOfDays;
      const isLost = status === 'failed' || status === 'cancelled';
      const isStillOpen = status === 'pending' || status === 'processing';
      const statusLeads = !hasLead && (isLost || isStillOpen);
      const isByTime = isOfDays && meant === undefined;
      const filters = and(
        before === undefined ? undefined : isByTime ? await isOlderThan(before) : lt(jobs.id, before),
        presetId === undefined ? undefined : isWord(jobs.presetId, presetId),
        from === undefined ? undefined : gte(jobs.createdAt, from),
        until === undefined ? undefined : lt(jobs.createdAt, until),
      );
      const isOfStatus = status === undefined ? undefined : isWord(jobs.status, status);
      const found = (where: SQL | undefined) =>
        read
          .select()
          .from(jobs)
          .where(where)
          // A day's jobs in the order of their index: by their ids PostgreSQL would walk all that came later.
          .orderBy(...(isByTime ? [desc(jobs.createdAt)] : []), desc(jobs.id))
          .limit(limit)
          .execute();

      if (siteId !== undefined && !hasLead) {
        const sellers = await fewSellersOf(siteId);
        if (sellers) {
          const lists = await Promise.all(sellers.map((id) => found(and(eq(jobs.accountId, id), filters, isOfStatus))));
          return lists
            .flat()
            .toSorted((a, b) => (a.id < b.id ? 1 : -1))
            .slice(0, limit);
        }
      }
      // Asked row by row from the newest on: a list of the site's sellers would make SQLite fetch and sort all their jobs.
      const isOfSite = exists(
        read
          .select({ id: accounts.id })
          .from(accounts)
          .where(and(eq(accounts.id, jobs.accountId), eq(accounts.siteId, siteId ?? ''))),
      );
      const isMeant = and(
        meant,
        filters,
        siteId === undefined ? undefined : isOfSite,
        statusLeads && isLost ? and(lostOnes, eq(jobs.status, status)) : isOfStatus,
        statusLeads && isStillOpen ? and(isOpen, inArray(jobs.stage, openStages)) : undefined,
        presetId !== undefined && !hasLead && !statusLeads ? eq(jobs.presetId, presetId) : undefined,
      );
      if (!statusLeads || isLost) return found(isMeant);
      // By a sum of words, which no index has: open jobs are few, and must not be looked for among all.
      const byId = desc(sql`${jobs.id} || ''`);
      return read.select().from(jobs).where(isMeant).orderBy(byId).limit(limit).execute();
    },
  };
}

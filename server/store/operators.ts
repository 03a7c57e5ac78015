import { and, asc, desc, eq, gt, inArray, isNull, lte, ne } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { OperatorRow, OperatorSessionRow } from './schema.ts';

/** What may change in an operator. */
export type OperatorChange = Partial<Pick<OperatorRow, 'role' | 'passwordHash' | 'disabledAt'>>;

/** A session with whose it is; no operator means ADMIN_PASSWORD. */
export interface OwnedSession {
  session: OperatorSessionRow;
  operator: OperatorRow | null;
}

/** Who may sign in to the admin, and the sessions they have. */
export function createOperators(database: Database) {
  const { read, tables } = database;
  const { operators, operatorSessions } = tables;
  const isLive = (now: number) => and(isNull(operatorSessions.endedAt), gt(operatorSessions.expiresAt, now));
  const sessionsWithOwners = () =>
    read
      .select({ session: operatorSessions, operator: operators })
      .from(operatorSessions)
      .leftJoin(operators, eq(operators.id, operatorSessions.operatorId));

  async function getIn(tx: Pick<Tx, 'select'>, id: string): Promise<OperatorRow | null> {
    const [row] = await tx.select().from(operators).where(eq(operators.id, id));
    return row ?? null;
  }

  return {
    /** All of them, disabled ones too, by login. */
    list(): Promise<OperatorRow[]> {
      return read.select().from(operators).orderBy(asc(operators.login)).execute();
    },

    get: (id: string) => getIn(read, id),
    getIn,

    async getByLogin(login: string): Promise<OperatorRow | null> {
      const [row] = await read.select().from(operators).where(eq(operators.login, login));
      return row ?? null;
    },

    /** Null when the login is taken, by a disabled operator too: the audit log must never mean two people by one name. */
    async create(tx: Tx, operator: OperatorRow): Promise<OperatorRow | null> {
      const [row] = await tx.insert(operators).values(operator).onConflictDoNothing().returning();
      return row ?? null;
    },

    /** Null when the operator is no longer as `from` says: somebody else's change is not overwritten. */
    async change(tx: Tx, { from, set }: { from: OperatorRow; set: OperatorChange }): Promise<OperatorRow | null> {
      const { id, role, passwordHash, disabledAt } = from;
      const isStill = and(
        eq(operators.id, id),
        eq(operators.role, role),
        eq(operators.passwordHash, passwordHash),
        disabledAt === null ? isNull(operators.disabledAt) : eq(operators.disabledAt, disabledAt),
      );
      const [row] = await tx.update(operators).set(set).where(isStill).returning();
      return row ?? null;
    },

    /**
     * Adds a session of `operator`, or of ADMIN_PASSWORD for null. False, nothing written, when the operator was disabled
     * or got another password after `operator` was read; the row is locked, so such a change sees this session and ends it.
     */
    async startSession(
      tx: Tx,
      session: Omit<OperatorSessionRow, 'operatorId' | 'endedAt'>,
      operator: OperatorRow | null,
    ) {
      if (operator) {
        const { id, passwordHash } = operator;
        const isStill = and(
          eq(operators.id, id),
          eq(operators.passwordHash, passwordHash),
          isNull(operators.disabledAt),
        );
        const held = await tx.update(operators).set({ passwordHash }).where(isStill).returning();
        if (held.length === 0) return false;
      }
      await tx
        .insert(operatorSessions)
        .values({ ...session, operatorId: operator?.id ?? null, endedAt: null })
        .returning();
      return true;
    },

    /** The session among these ids that has neither ended nor expired, or null. */
    async liveSession({ ids, now }: { ids: string[]; now: number }): Promise<OwnedSession | null> {
      const [row] = await sessionsWithOwners().where(and(inArray(operatorSessions.id, ids), isLive(now)));
      return row ?? null;
    },

    /** Sessions that have neither ended nor expired, newest first. */
    liveSessions({ now, limit }: { now: number; limit: number }): Promise<OwnedSession[]> {
      return sessionsWithOwners().where(isLive(now)).orderBy(desc(operatorSessions.createdAt)).limit(limit).execute();
    },

    /** Ends the live sessions that match, `except` one; answers them. Without `id` and `operatorId` it ends everybody's. */
    endSessions(
      tx: Tx,
      { now, id, operatorId, except }: { now: number; id?: string; operatorId?: string; except?: string },
    ): Promise<OperatorSessionRow[]> {
      const isMeant = and(
        isLive(now),
        id === undefined ? undefined : eq(operatorSessions.id, id),
        operatorId === undefined ? undefined : eq(operatorSessions.operatorId, operatorId),
        except === undefined ? undefined : ne(operatorSessions.id, except),
      );
      return tx.update(operatorSessions).set({ endedAt: now }).where(isMeant).returning().execute();
    },

    /** Deletes the rows of sessions that are over by their time. */
    async removeExpiredSessions(tx: Tx, now: number): Promise<void> {
      await tx.delete(operatorSessions).where(lte(operatorSessions.expiresAt, now)).returning();
    },
  };
}

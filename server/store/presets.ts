import { and, asc, desc, eq, lt, sql } from 'drizzle-orm';
import { AppError } from '../errors.ts';
import { createRecent } from '../recent.ts';
import type { Database, Reader, Tx } from './database.ts';
import type { NewPreset, PresetRow } from './schema.ts';

/** What an operator may change in a preset; everything else stays as the revision before. */
export type PresetChange = Partial<Omit<PresetRow, 'presetId' | 'revision' | 'kind' | 'author' | 'createdAt'>>;

/** Who changes something, and when. */
interface Authorship {
  author: string;
  now: number;
}

interface Revising extends Authorship {
  id: string;
  expectedRevision: number;
  change: PresetChange;
}

const knownRevisions = 1_000;

/** Presets and their revisions. A revision is never changed; a job keeps the one that it was made with. */
export function createPresets(database: Database) {
  const { read, tables, transaction } = database;
  const { presets, presetRevisions } = tables;
  /** Only what was read outside of transactions: a revision that is rolled back may come again with other words. */
  const revisionsRead = createRecent<PresetRow>(knownRevisions);
  const isCurrent = and(eq(presetRevisions.presetId, presets.id), eq(presetRevisions.revision, presets.revision));
  const current = database.statement((db: Reader) =>
    db
      .select({ preset: presetRevisions })
      .from(presets)
      .innerJoin(presetRevisions, isCurrent)
      .orderBy(asc(presetRevisions.position), asc(presets.id)),
  );

  const byRevision = database.statement((db: Reader) =>
    db
      .select()
      .from(presetRevisions)
      .where(
        and(
          eq(presetRevisions.presetId, sql.placeholder('id')),
          eq(presetRevisions.revision, sql.placeholder('revision')),
        ),
      ),
  );

  const revisionOf = database.statement((db: Reader) =>
    db
      .select({ revision: presets.revision })
      .from(presets)
      .where(eq(presets.id, sql.placeholder('id'))),
  );

  async function revision(id: string, number: number): Promise<PresetRow | null> {
    const key = `${id}/${number}`;
    const known = revisionsRead.get(key);
    if (known) return known;
    const [row] = await byRevision(read, { id, revision: number });
    if (row) revisionsRead.set(key, row);
    return row ?? null;
  }

  async function currentIn(tx: Reader, id: string): Promise<PresetRow | null> {
    const [row] = await tx
      .select({ preset: presetRevisions })
      .from(presets)
      .innerJoin(presetRevisions, isCurrent)
      .where(eq(presets.id, id));
    return row?.preset ?? null;
  }

  async function createIn(
    tx: Tx,
    { preset, author, now }: Authorship & { preset: NewPreset },
  ): Promise<PresetRow | null> {
    const added = await tx
      .insert(presets)
      .values({ id: preset.presetId, revision: 1 })
      .onConflictDoNothing()
      .returning();
    if (added.length === 0) return null;
    const [row] = await tx
      .insert(presetRevisions)
      .values({ ...preset, revision: 1, author, createdAt: now })
      .returning();
    return row!;
  }

  async function reviseIn(tx: Tx, { id, expectedRevision, change, author, now }: Revising): Promise<PresetRow | null> {
    const before = await currentIn(tx, id);
    const revision = expectedRevision + 1;
    const [moved] = await tx
      .update(presets)
      .set({ revision })
      .where(and(eq(presets.id, id), eq(presets.revision, expectedRevision)))
      .returning();
    if (!before || !moved) return null;
    const [row] = await tx
      .insert(presetRevisions)
      .values({ ...before, ...change, revision, author, createdAt: now })
      .returning();
    return row!;
  }

  return {
    /** The current revision of every preset, in the operator's order, disabled ones too. */
    async list(): Promise<PresetRow[]> {
      return (await current(read)).map((row) => row.preset);
    },

    async get(id: string): Promise<PresetRow | null> {
      const [current] = await revisionOf(read, { id });
      return current ? revision(id, current.revision) : null;
    },
    getIn: currentIn,

    /** Adds the shipped presets that are not there yet; an operator's changes are never overwritten. */
    async addMissing(shipped: NewPreset[], now: number): Promise<void> {
      await transaction(async (tx) => {
        for (const preset of shipped) await createIn(tx, { preset, author: 'shipped', now });
      });
    },

    /** Makes a preset as its revision 1. Null when the id is taken; ids stay taken for ever, since no preset is deleted. */
    createIn,

    /**
     * Writes a new revision. Null when the preset is missing or is no longer at `expectedRevision`: somebody else changed
     * it meanwhile, and their change is not overwritten.
     */
    reviseIn,
    revise: (revising: Revising): Promise<PresetRow | null> => transaction((tx) => reviseIn(tx, revising)),

    /**
     * Changes places with the neighbour before (-1) or after (1) and answers the new revisions, its own first; none when
     * there is no neighbour or no such preset. Throws `unavailable` when somebody changes one of them at the same moment.
     */
    async moveIn(tx: Tx, { id, by, author, now }: Authorship & { id: string; by: -1 | 1 }): Promise<PresetRow[]> {
      const found = await tx
        .select({ preset: presetRevisions })
        .from(presets)
        .innerJoin(presetRevisions, isCurrent)
        .orderBy(asc(presetRevisions.position), asc(presets.id));
      const order = found.map((row) => row.preset);
      const at = order.findIndex((preset) => preset.presetId === id);
      const [one, other] = [order[at], order[at + by]];
      if (!one || !other) return [];
      [order[at], order[at + by]] = [other, one];
      const moved: PresetRow[] = [];
      for (const [index, { presetId, revision, position }] of order.entries()) {
        if (position === index + 1) continue;
        const change = { position: index + 1 };
        const row = await reviseIn(tx, { id: presetId, expectedRevision: revision, change, author, now });
        if (!row) throw new AppError('unavailable');
        moved.push(row);
      }
      return moved.toSorted((a, b) => Number(b.presetId === id) - Number(a.presetId === id));
    },

    /** One revision, as a job of it was made. */
    revision,

    /** Newest first; `before` is the number of the last one seen. */
    revisions(
      id: string,
      { limit = 1_000_000, before }: { limit?: number; before?: number } = {},
    ): Promise<PresetRow[]> {
      const older = before === undefined ? undefined : lt(presetRevisions.revision, before);
      return read
        .select()
        .from(presetRevisions)
        .where(and(eq(presetRevisions.presetId, id), older))
        .orderBy(desc(presetRevisions.revision))
        .limit(limit)
        .execute();
    },
  };
}

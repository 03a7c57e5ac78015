import { and, asc, desc, eq } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { NewPreset, PresetRow } from './schema.ts';

/** What an operator may change in a preset; everything else stays as the revision before. */
export type PresetChange = Partial<
  Pick<PresetRow, 'model' | 'mode' | 'prompt' | 'negativePrompt' | 'tokensCost' | 'titles' | 'enabled' | 'position'>
>;

/** Presets and their revisions. A revision is never changed; a job keeps the one that it was made with. */
export function createPresets(database: Database) {
  const { read, tables, transaction } = database;
  const { presets, presetRevisions } = tables;
  const isCurrent = and(eq(presetRevisions.presetId, presets.id), eq(presetRevisions.revision, presets.revision));
  const current = database.prepare(
    'current_presets',
    read
      .select({ preset: presetRevisions })
      .from(presets)
      .innerJoin(presetRevisions, isCurrent)
      .orderBy(asc(presetRevisions.position), asc(presets.id)),
  );

  async function currentIn(tx: Pick<Tx, 'select'>, id: string): Promise<PresetRow | null> {
    const [row] = await tx
      .select({ preset: presetRevisions })
      .from(presets)
      .innerJoin(presetRevisions, isCurrent)
      .where(eq(presets.id, id));
    return row?.preset ?? null;
  }

  return {
    /** The current revision of every preset, in the operator's order, disabled ones too. */
    async list(): Promise<PresetRow[]> {
      return (await current.execute()).map((row) => row.preset);
    },

    get: (id: string) => currentIn(read, id),
    getIn: currentIn,

    /** Adds the shipped presets that are not there yet; an operator's changes are never overwritten. */
    async addMissing(shipped: NewPreset[], now: number): Promise<void> {
      await transaction(async (tx) => {
        for (const preset of shipped) {
          const added = await tx
            .insert(presets)
            .values({ id: preset.presetId, revision: 1 })
            .onConflictDoNothing()
            .returning();
          if (added.length === 0) continue;
          await tx
            .insert(presetRevisions)
            .values({ ...preset, revision: 1, author: 'shipped', createdAt: now })
            .returning();
        }
      });
    },

    /**
     * Writes a new revision. Null when the preset is missing or is no longer at `expectedRevision`: somebody else changed
     * it meanwhile, and their change is not overwritten.
     */
    revise({
      id,
      expectedRevision,
      change,
      author,
      now,
    }: {
      id: string;
      expectedRevision: number;
      change: PresetChange;
      author: string;
      now: number;
    }): Promise<PresetRow | null> {
      return transaction(async (tx) => {
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
      });
    },

    /** Newest first. */
    revisions(id: string): Promise<PresetRow[]> {
      return read
        .select()
        .from(presetRevisions)
        .where(eq(presetRevisions.presetId, id))
        .orderBy(desc(presetRevisions.revision))
        .execute();
    },
  };
}

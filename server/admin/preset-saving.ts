import type { PresetChange } from '../store/presets.ts';
import type { NewPreset, PresetRow } from '../store/schema.ts';
import { auditBy, changed } from './audit-entry.ts';
import { actorOf } from './actor.ts';
import type { AdminContext, AdminParts } from './parts.ts';

interface Revising {
  preset: PresetRow;
  expectedRevision: number;
  change: PresetChange;
  /** For the audit log, such as `preset.revised`. */
  action: string;
}

/** The operator's changes of presets: each is a revision by whoever is signed in, with its audit entry in one transaction. */
export function createPresetSaving({ store, runtime, log }: Pick<AdminParts, 'store' | 'runtime' | 'log'>) {
  const authorship = (c: AdminContext) => ({ author: actorOf(c), now: runtime.now() });

  return {
    /** Null when the preset is no longer at `expectedRevision`; nothing was changed then. */
    async revise(c: AdminContext, { preset, expectedRevision, change, action }: Revising): Promise<PresetRow | null> {
      const id = preset.presetId;
      const saved = await store.transaction(async (tx) => {
        const before = await store.presets.getIn(tx, id);
        const row = await store.presets.reviseIn(tx, { id, expectedRevision, change, ...authorship(c) });
        if (!before || !row) return null;
        const detail = { revision: row.revision, ...changed(before, change) };
        await store.auditLog.write(tx, { ...auditBy(c, runtime), action, target: id, detail });
        return row;
      });
      if (saved) log.info({ presetId: id, revision: saved.revision, action }, 'admin changed a preset');
      return saved;
    },

    /** Null when the id is taken. */
    async create(c: AdminContext, preset: NewPreset, copyOf?: string): Promise<PresetRow | null> {
      const made = await store.transaction(async (tx) => {
        const row = await store.presets.createIn(tx, { preset, ...authorship(c) });
        if (!row) return null;
        const { kind, provider, model, mode, seconds, tokensCost, titles, choices } = row;
        const facts = { kind, provider, model, mode, seconds, tokensCost, titles, choices };
        const detail = { ...facts, ...(copyOf !== undefined && { copyOf }) };
        const entry = { ...auditBy(c, runtime), action: 'preset.created', target: row.presetId, detail };
        await store.auditLog.write(tx, entry);
        return row;
      });
      if (made) log.info({ presetId: made.presetId }, 'admin made a preset');
      return made;
    },

    /** False when there is no neighbour on that side. */
    async move(c: AdminContext, id: string, by: -1 | 1): Promise<boolean> {
      const moved = await store.transaction(async (tx) => {
        const rows = await store.presets.moveIn(tx, { id, by, ...authorship(c) });
        const detail = { position: rows[0]?.position };
        if (rows.length > 0)
          await store.auditLog.write(tx, { ...auditBy(c, runtime), action: 'preset.moved', target: id, detail });
        return rows;
      });
      return moved.length > 0;
    },
  };
}

export type PresetSaving = ReturnType<typeof createPresetSaving>;

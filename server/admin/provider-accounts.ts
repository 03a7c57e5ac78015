import type { ProviderCredentialsRow, ProviderName } from '../store/schema.ts';
import type { HealthDesk } from './parts.ts';

/** A provider account that the health page lists. */
export interface KnownAccount {
  id: string;
  provider: ProviderName;
  /** Null where only the running worker knows it. */
  concurrency: number | null;
  /** Null: not one that was added here. */
  kept: ProviderCredentialsRow | null;
  /** The account whose credentials it uses too, such as `kling` of `kling-images`. */
  sharesWith: string | null;
}

interface Sources {
  fixed: HealthDesk['accounts'];
  kept: ProviderCredentialsRow[];
  /** Every account that was ever used or paused. */
  usedIds: string[];
}

/** The accounts of the settings, those that were added here, and what else of the latter's credentials was used. */
export function knownAccounts({ fixed, kept, usedIds }: Sources): KnownAccount[] {
  const known: KnownAccount[] = [
    ...fixed.map((one) => ({ ...one, kept: null, sharesWith: ownerOf(one.id, fixed)?.id ?? null })),
    ...kept.map((row) => ({ ...row, kept: row, sharesWith: null })),
  ];
  const others = usedIds.filter((id) => known.every((one) => one.id !== id));
  const parts = others.flatMap((id): KnownAccount[] => {
    const owner = ownerOf(id, known);
    return owner ? [{ id, provider: owner.provider, concurrency: null, kept: null, sharesWith: owner.id }] : [];
  });
  return [...known, ...parts];
}

/** Of the accounts that the id begins with, the longest. */
function ownerOf<T extends { id: string }>(id: string, accounts: readonly T[]): T | undefined {
  const owners = accounts.filter((one) => id.startsWith(`${one.id}-`));
  return owners.toSorted((one, other) => other.id.length - one.id.length)[0];
}

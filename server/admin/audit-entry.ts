import { isDeepStrictEqual } from 'node:util';
import type { Runtime } from '../jobs/runtime.ts';
import { actorOf } from './actor.ts';
import type { AdminContext } from './parts.ts';

/** The start of an audit entry by the signed-in operator: `{ ...auditBy(c, runtime), action, target, detail }`. */
export function auditBy(c: AdminContext, { newId, now }: Pick<Runtime, 'newId' | 'now'>) {
  return { id: newId(), at: now(), actor: actorOf(c) };
}

type Facts = Record<string, unknown>;

/**
 * What differs, as an audit entry's `detail`: of the keys of `after` those whose value is not the one of `before`. Give
 * it no secrets.
 */
export function changed<T extends object>(before: T, after: Partial<NoInfer<T>>): { before: Facts; after: Facts } {
  const facts: { before: Facts; after: Facts } = { before: {}, after: {} };
  for (const [name, value] of Object.entries(after)) {
    const was = (before as Facts)[name];
    if (isDeepStrictEqual(was, value)) continue;
    facts.before[name] = was ?? null;
    facts.after[name] = value ?? null;
  }
  return facts;
}

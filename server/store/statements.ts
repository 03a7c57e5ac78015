import { sql, type Column, type SQL, type Table, getTableColumns } from 'drizzle-orm';
import type { Reader } from './database.ts';

/** What stands in the places of a statement, by name. */
export type Values = Record<string, unknown>;

/** A drizzle query that can be prepared. */
export interface Preparable extends PromiseLike<unknown> {
  prepare(): unknown;
}

/**
 * Makes statements: queries that are built once for each connection and not for each use, because drizzle takes longer to
 * build a query over a wide table than a database to answer it. Values come in through `sql.placeholder` and `placeOf`.
 */
export interface Statements {
  <Db extends Reader, Q extends Preparable>(build: (db: Db) => Q): (db: Db, values?: Values) => Promise<Awaited<Q>>;
}

/** Statements of a database that prepares by `prepare` and runs by `run`. */
export function createStatements<P>(
  prepare: (query: Preparable) => P,
  run: (prepared: P, values: Values) => unknown,
): Statements {
  return (build) => {
    const known = new WeakMap<Reader, P>();
    return async (db, values = {}) => {
      let prepared = known.get(db);
      if (prepared === undefined) known.set(db, (prepared = prepare(build(db))));
      return run(prepared, values) as never;
    };
  };
}

/** The place of a column's value. Null and undefined become NULL there, where drizzle would write JSON's word for it. */
export function placeOf(column: Column, name: string): SQL {
  const mapToDriverValue = (value: unknown) => (value == null ? null : column.mapToDriverValue(value));
  return sql`${sql.param(sql.placeholder(name), { mapToDriverValue })}`;
}

/** Places of these columns, or of a whole row, each named as its column. */
export function placesOf<T extends Table>(table: T, names?: readonly string[]): T['$inferInsert'] {
  const columns: Record<string, Column> = getTableColumns(table);
  const wanted = names ?? Object.keys(columns);
  return Object.fromEntries(wanted.map((name) => [name, placeOf(columns[name]!, name)])) as T['$inferInsert'];
}

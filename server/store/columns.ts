import * as pg from 'drizzle-orm/pg-core';
import * as sqlite from 'drizzle-orm/sqlite-core';

/** The column kinds every table is made of, as SQLite knows them. Column names become snake_case in both databases. */
export const sqliteColumns = {
  table: sqlite.sqliteTable,
  text: <T extends string = string>() => sqlite.text().$type<T>(),
  int: () => sqlite.integer({ mode: 'number' }),
  /** Epoch milliseconds, UTC. */
  time: () => sqlite.integer({ mode: 'number' }),
  bool: () => sqlite.integer({ mode: 'boolean' }),
  json: <T>() => sqlite.text({ mode: 'json' }).$type<T>(),
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  primaryKey: sqlite.primaryKey,
  check: sqlite.check,
};

export type Columns = typeof sqliteColumns;

/** The same kinds for PostgreSQL. This is the one cast: everything above sees SQLite's types. */
export const postgresColumns = {
  table: pg.pgTable,
  text: () => pg.text(),
  int: () => pg.bigint({ mode: 'number' }),
  time: () => pg.bigint({ mode: 'number' }),
  bool: () => pg.boolean(),
  json: () => pg.jsonb(),
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  check: pg.check,
} as unknown as Columns;

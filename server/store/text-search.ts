import { or, sql, type Column, type SQL } from 'drizzle-orm';
import type { Database } from './database.ts';

/**
 * Small letters of every script. SQLite's connections bring such a lower() themselves; PostgreSQL's goes by the locale of
 * the database, which may know ASCII only, so it is told one that every build with ICU has (PostgreSQL manual, 23.2.2.2.2).
 */
const smallLetters = {
  sqlite: (column: Column) => sql`lower(${column})`,
  postgres: (column: Column) => sql`lower(${column} collate "und-x-icu")`,
};

/** Whether one of the columns holds `text` somewhere, letter for letter but without regard to case. */
export function holdsText({ dialect }: Pick<Database, 'dialect'>, columns: readonly Column[], text: string): SQL {
  const pattern = `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
  return or(...columns.map((column) => sql`${smallLetters[dialect](column)} like ${pattern} escape '!'`))!;
}

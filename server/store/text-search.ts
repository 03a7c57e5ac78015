import { or, sql, type Column, type SQL } from 'drizzle-orm';

/** Whether one of the columns holds `text` somewhere, letter for letter but without regard to case. */
export function holdsText(columns: readonly Column[], text: string): SQL {
  const pattern = `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
  return or(...columns.map((column) => sql`lower(${column}) like ${pattern} escape '!'`))!;
}

import { or, sql, type Column, type SQL } from 'drizzle-orm';

/**
 * Whether one of the columns holds `text` somewhere, without regard to case. SQLite's lower() knows ASCII only, so words in
 * other scripts are looked for as typed, in small letters, in capitals and with capitals at the start of words;
 * PostgreSQL finds them by the second alone.
 */
export function holdsText(columns: readonly Column[], text: string): SQL {
  const patterns = likePatterns(text);
  return or(...columns.flatMap((column) => patterns.map((like) => sql`lower(${column}) like ${like} escape '!'`)))!;
}

function likePatterns(text: string): string[] {
  const small = text.toLowerCase();
  const titled = small.replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase());
  const spellings = [text, small, text.toUpperCase(), titled].map((spelling) =>
    spelling.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  );
  return [...new Set(spellings)].map((spelling) => `%${spelling.replace(/[!%_]/g, '!$&')}%`);
}

import SQLite from 'better-sqlite3';

/**
 * Writes one consistent moment of the file to a new one, also while a server writes to it: VACUUM INTO reads within one
 * transaction (sqlite.org/lang_vacuum.html, read 2026-11-20), where SQLite's backup API begins anew at every foreign write.
 * Throws when the copy is not sound. It blocks for as long as it copies, and does not flush: for commands, not servers.
 */
export function copySqlite(file: string, target: string): void {
  const source = new SQLite(file, { readonly: true, fileMustExist: true });
  try {
    source.prepare('VACUUM INTO ?').run(target);
  } finally {
    source.close();
  }
  const copy = new SQLite(target, { readonly: true });
  try {
    const sound = copy.pragma('integrity_check', { simple: true });
    if (sound !== 'ok') throw new Error(`the copy of ${file} is not sound: ${String(sound)}`);
  } finally {
    copy.close();
  }
}

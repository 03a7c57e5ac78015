import { readMigrationFiles } from 'drizzle-orm/migrator';

/**
 * Throws a plain sentence when the database was brought to a schema by a newer version of this server: its rules may
 * have changed with it, so an older version must not write there. `newestApplied` is the time that drizzle keeps with
 * each migration.
 */
export function refuseNewerSchema(migrationsFolder: string, newestApplied: number): void {
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis);
  if (newestApplied <= Math.max(...known)) return;
  const message =
    'The database was changed by a newer version of this server. Start that version, or restore a backup from before it.';
  throw Object.assign(new Error(message), { code: 'DATABASE_UNUSABLE' });
}

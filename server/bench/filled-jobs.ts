import SQLite from 'better-sqlite3';
import { benchSite } from './sellers.ts';

/** Finished jobs of a filled database and their sellers, spread over all of them. */
export function completedJobs(file: string, count: number): { id: string; userId: string }[] {
  const database = new SQLite(file, { readonly: true });
  try {
    const sellers = database
      .prepare('select id, user_id as userId from accounts where site_id = ? order by id')
      .all(benchSite.id) as { id: string; userId: string }[];
    const newest = database
      .prepare("select id from jobs where account_id = ? and status = 'completed' order by id desc limit 1")
      .pluck();
    const found: { id: string; userId: string }[] = [];
    const step = Math.max(1, Math.floor(sellers.length / count));
    for (let at = 0; at < sellers.length && found.length < count; at += step) {
      const { id: accountId, userId } = sellers[at]!;
      const id = newest.get(accountId) as string | undefined;
      if (id) found.push({ id, userId });
    }
    return found;
  } finally {
    database.close();
  }
}

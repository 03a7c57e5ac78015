// Writes the next migration of both databases: npm run migrations -- --name what-changes
import { spawnSync } from 'node:child_process';

for (const database of ['sqlite', 'postgres']) {
  const env = { ...process.env, MIGRATIONS_FOR: database };
  const run = spawnSync('drizzle-kit', ['generate', ...process.argv.slice(2)], { stdio: 'inherit', env });
  if (run.status !== 0) process.exit(run.status ?? 1);
}

import { defineConfig } from 'drizzle-kit';

// `npm run migrations -- --name what-changes` writes the next migration of both databases.
const dialect = process.env['MIGRATIONS_FOR'] === 'postgres' ? 'postgresql' : 'sqlite';
const name = dialect === 'postgresql' ? 'postgres' : 'sqlite';

export default defineConfig({
  dialect,
  casing: 'snake_case',
  schema: `./server/store/schema.${name}.ts`,
  out: `./server/store/migrations/${name}`,
});

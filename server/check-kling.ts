import { existsSync } from 'node:fs';
import { checkKling, isKlingReady, type KlingCheck } from './providers/kling-check.ts';

// `npm run check-kling`: tells whether Kling can be used with the settings at hand, without spending anything.

if (existsSync('.env')) process.loadEnvFile('.env');
const { env } = process;

const marks: Record<KlingCheck['state'], string> = { ok: '✓', warning: '!', failed: '✗', skipped: '–' };
const checks = await checkKling({
  apiKey: env.KLING_API_KEY,
  accessKey: env.KLING_ACCESS_KEY,
  secretKey: env.KLING_SECRET_KEY,
  baseUrl: env.KLING_API_BASE,
  concurrency: Number(env.KLING_CONCURRENCY || 5),
  now: Date.now,
});
for (const { name, state, text } of checks) process.stdout.write(`${marks[state]} ${name.padEnd(14)} ${text}\n`);

const isReady = isKlingReady(checks);
process.stdout.write(
  isReady ? '\nKling is ready. Nothing was spent.\n' : '\nKling cannot be used yet. Nothing was spent.\n',
);
process.exitCode = isReady ? 0 : 1;

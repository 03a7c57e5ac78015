import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { Engine } from './engine.ts';
import type { Bench } from './goal.ts';

const version = '0.18.0';

/** The little of graphile-worker (0.18) that is used. */
interface Graphile {
  run(options: {
    pgPool: pg.Pool;
    concurrency: number;
    noHandleSignals: boolean;
    logger: unknown;
    taskList: Record<string, () => Promise<void>>;
  }): Promise<{ addJob(name: string, payload: object): Promise<unknown>; stop(): Promise<void> }>;
  Logger: new (factory: () => () => void) => unknown;
}

/** Installs graphile-worker in a temporary folder and starts it; null, and told, when it cannot be had. */
export async function startGraphile(bench: Bench, connectionString: string): Promise<Engine | null> {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-bench-peer-'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  try {
    const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    execFileSync('npm', ['install', ...flags, `graphile-worker@${version}`], { cwd: folder, timeout: 120_000 });
  } catch (fault) {
    bench.tell(`  graphile-worker cannot be installed: ${String(fault).slice(0, 200)}`);
    return null;
  }
  const entry = createRequire(join(folder, 'package.json')).resolve('graphile-worker');
  const { run, Logger } = (await import(pathToFileURL(entry).href)) as Graphile;
  let started = () => {};
  const pool = new pg.Pool({ connectionString, max: 10 });
  pool.on('error', (fault) => bench.tell(`  graphile-worker: ${fault.message}`));
  const runner = await run({
    pgPool: pool,
    concurrency: 16,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    taskList: { clip: async () => started() },
  });
  return {
    async startMs() {
      const start = performance.now();
      const begun = new Promise<number>((resolve) => (started = () => resolve(performance.now())));
      await runner.addJob('clip', { title: 'A mug' });
      return (await begun) - start;
    },
    async close() {
      await runner.stop();
      await pool.end();
    },
  };
}

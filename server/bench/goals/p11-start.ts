import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDurablePostgres } from '../postgres-testing.ts';
import { openPostgres } from '../../store/postgres.ts';
import { openSqlite } from '../../store/sqlite.ts';
import type { Database } from '../../store/database.ts';
import { startOwnEngine, type Engine } from '../engine.ts';
import { byTurns, median, ratioOf, type Comparison } from '../figures.ts';
import { ratioColumns, shown, spreadOf, type Bench, type Goal, type Row } from '../goal.ts';
import { startGraphile } from '../peers.ts';
import { addSellers } from '../sellers.ts';

/** From the wish for a clip to the moment its request leaves. */
export const orderToStart: Goal = {
  id: 'P11',
  async run(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'kvc-bench-'));
    mkdirSync(join(folder, 'media'));
    const postgres = await startDurablePostgres();
    const url = await postgres.createDatabase();
    const onFault = (fault: unknown) => bench.tell(String(fault));
    const onSqlite = await ownEngine(folder, () => openSqlite(join(folder, 'covers.db')));
    const onPostgres = await ownEngine(folder, () => openPostgres({ url, onFault }));
    const peer = bench.withPeers ? await startGraphile(bench, await postgres.createDatabase()) : null;
    const measures: Record<string, () => Promise<number>> = {
      sqlite: () => medianStart(bench, onSqlite),
      postgres: () => medianStart(bench, onPostgres),
    };
    if (peer) measures['peer'] = () => medianStart(bench, peer);
    const { sqlite, postgres: onServer, peer: ofPeer } = await byTurns(bench.rounds, measures);
    for (const engine of [onSqlite, onPostgres, peer]) await engine?.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
    return [sqliteRow(sqlite!), postgresRow(onServer!, ofPeer ?? null)];
  },
};

async function ownEngine(folder: string, open: () => Database | Promise<Database>): Promise<Engine> {
  const mediaFolder = mkdtempSync(join(folder, 'media-'));
  const [seller] = await addSellers(await open(), { count: 1, mediaFolder: join(mediaFolder, 'files') });
  return startOwnEngine({ database: await open(), seller: seller!, mediaFolder });
}

async function medianStart(bench: Bench, engine: Engine): Promise<number> {
  const tookMs: number[] = [];
  for (let n = 0; n < (bench.isQuick ? 20 : 100); n++) tookMs.push(await engine.startMs());
  return median(tookMs);
}

const what = (where: string) => `order → its request leaves, ${where}, p50`;

function sqliteRow(tookMs: number[]): Row {
  return {
    id: 'P11',
    what: what('SQLite'),
    figure: shown(median(tookMs), 'ms'),
    floor: 'bullmq not run',
    ratio: '–',
    spread: `${spreadOf(tookMs)} ms`,
    goal: '< bullmq',
    met: null,
    note: 'bullmq needs Redis and was not compared; ours includes the debit, its ledger entry and the timeline, on the disk',
  };
}

function postgresRow(tookMs: number[], peer: number[] | null): Row {
  const row = { id: 'P11', what: what('PostgreSQL'), figure: shown(median(tookMs), 'ms'), goal: '< graphile-worker' };
  if (!peer)
    return {
      ...row,
      floor: 'not run',
      ratio: '–',
      spread: `${spreadOf(tookMs)} ms`,
      met: null,
      note: 'graphile-worker is compared with `--peers` only',
    };
  const figures: Comparison = { ours: tookMs, floor: peer };
  const ratio = ratioOf(figures);
  return { ...row, floor: shown(median(peer), 'ms'), ...ratioColumns(ratio), met: ratio.median < 1 };
}

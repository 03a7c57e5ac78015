import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPostgres } from '../store/postgres.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Bench } from './goal.ts';
import { freePort, startSubject, type Subject } from './process.ts';
import { addSellers, benchSite, type BenchSeller } from './sellers.ts';

const serverScript = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The whole server with sellers, in a process of its own. */
export interface Site extends Subject {
  sellers: BenchSeller[];
  /** The SQLite file, to look into while it runs; with PostgreSQL there is none. */
  file: string;
  folder: string;
  /** Ends it and takes its folder away. */
  close(): Promise<void>;
}

interface SiteSettings {
  /** Which goal it is for. */
  where: string;
  sellers: number;
  /** Where jobs are sent; left out: nowhere that answers. */
  kling?: { url: string; accessKey: string; secretKey: string };
  /** A PostgreSQL instead of a SQLite file. */
  postgresUrl?: string;
  /** What the server itself is given instead, such as the way through a proxy. */
  serverPostgresUrl?: string;
  /** An existing SQLite file instead of a new one. */
  file?: string;
  /** Called with the SQLite file before the server starts. */
  fill?: (file: string) => Promise<unknown>;
  env?: Record<string, string>;
}

/** Starts `server/main.ts` over a new database with its settings as they ship, but for the caps of orders. */
export async function startBenchSite(bench: Bench, settings: SiteSettings): Promise<Site> {
  const { where, kling, postgresUrl, env } = settings;
  const folder = await mkdtemp(join(tmpdir(), 'kvc-bench-'));
  const file = settings.file ?? join(folder, 'covers.db');
  const mediaFolder = join(folder, 'media');
  await mkdir(mediaFolder);
  await settings.fill?.(file);
  const onFault = (fault: unknown) => bench.tell(String(fault));
  const database = postgresUrl ? await openPostgres({ url: postgresUrl, onFault }) : openSqlite(file);
  const sellers = await addSellers(database, { count: settings.sellers, mediaFolder });
  const subject = await startSubject({
    script: serverScript,
    cwd: folder,
    where,
    among: bench.stalls.ours,
    env: {
      PORT: String(await freePort()),
      DATABASE_URL: settings.serverPostgresUrl ?? postgresUrl ?? `file:${file}`,
      STORAGE_URL: `file:${mediaFolder}`,
      SECRET: 'a secret of the benchmark, 32 bytes or more',
      KLING_ACCESS_KEY: kling?.accessKey ?? 'nobody',
      KLING_SECRET_KEY: kling?.secretKey ?? 'nobody',
      KLING_API_BASE: kling?.url ?? 'http://127.0.0.1:9',
      RESULT_HOSTS: kling ? new URL(kling.url).host : '127.0.0.1:9',
      SITE_ID: benchSite.id,
      SITE_ISSUER: benchSite.issuer,
      SITE_AUDIENCE: benchSite.audience,
      SITE_ORIGINS: 'https://panel.example',
      SITE_JWT_SECRET: benchSite.secret,
      SITE_API_KEY: benchSite.apiKey,
      DRAIN_SECONDS: '0',
      ...env,
    },
  });
  return {
    ...subject,
    sellers,
    file,
    folder,
    async close() {
      await subject.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a loop runs against: a folder, a database, the simulated provider, and the settings of a real server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { freePort } from '../../.tools/free-port.ts';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { createCallbackTokens } from '../secrets.ts';
import type { Site } from './client.ts';
import type { Edit } from './rewrite.ts';
import { postgresRows, sqliteRows, type RowReader } from './rows.ts';
import { createServerStarter, type ServerStarter } from './server-process.ts';

export type DatabaseKind = 'sqlite' | 'postgres';

const secret = 'the-secret-of-the-kill-loop-server-32-bytes';
const slots = 24;

/** One server's database and files, and how to look into them. */
export interface Household {
  settings: Record<string, string>;
  mediaFolder: string;
  site: Site;
  rows(): Promise<RowReader>;
}

export interface World {
  kling: KlingSimulator;
  starter: ServerStarter;
  picture: Buffer;
  callbackToken(jobId: string): string;
  kind: DatabaseKind;
  /** A household with an empty database. */
  settle(): Promise<Household>;
  close(): Promise<void>;
}

/** `faults` are planted into every server. Starts the provider, and PostgreSQL when the households need it. */
export async function createWorld(kind: DatabaseKind, faults: readonly Edit[] = []): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-kill-loop-'));
  const timings = { submittedMs: 5, processingMs: 40, callbackRetryDelaysMs: [] };
  const kling = await startKlingSimulator({ video: 'tiny', concurrency: slots * 2, ...timings });
  const tokens = createCallbackTokens(secret);
  const background = { r: 200, g: 80, b: 40 };
  const picture = await sharp({ create: { width: 330, height: 440, channels: 3, background } })
    .jpeg()
    .toBuffer();
  const postgres: TestPostgres | null = kind === 'postgres' ? await startPostgres() : null;
  const starter = createServerStarter({ cacheFolder: join(folder, 'compiled'), faults });
  let households = 0;

  return {
    kind,
    kling,
    starter,
    picture,
    callbackToken: tokens.sign,
    async settle() {
      const home = join(folder, `household-${++households}`);
      const mediaFolder = join(home, 'media');
      const url = (await postgres?.createDatabase()) ?? `file:${join(home, 'covers.db')}`;
      const port = await freePort();
      const site = {
        url: `http://127.0.0.1:${port}`,
        issuer: 'https://panel.example',
        jwtSecret: 'the-shared-secret-of-the-kill-loop-site',
        apiKey: 'the-api-key-of-the-kill-loop-site-0123456789',
      };
      return {
        mediaFolder,
        site,
        rows: async () => (postgres ? postgresRows(url) : sqliteRows(url.slice('file:'.length))),
        settings: {
          NODE_ENV: 'production',
          PORT: String(port),
          DATABASE_URL: url,
          STORAGE_URL: `file:${mediaFolder}`,
          SECRET: secret,
          KLING_API_KEY: kling.apiKey,
          KLING_API_BASE: kling.url,
          KLING_CONCURRENCY: String(slots),
          RESULT_HOSTS: `127.0.0.1:${kling.port}`,
          POLL_INTERVAL_MS: '100',
          SELLER_DAILY_JOBS: '0',
          SELLER_OPEN_JOBS: '20',
          SITE_ID: 'panel',
          SITE_ISSUER: site.issuer,
          SITE_ORIGINS: site.issuer,
          SITE_JWT_SECRET: site.jwtSecret,
          SITE_API_KEY: site.apiKey,
          DRAIN_SECONDS: '0',
          LOG_LEVEL: 'error',
        },
      };
    },
    async close() {
      starter.close();
      await kling.close();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

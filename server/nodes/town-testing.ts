/** What a run needs: PostgreSQL, Kling's simulator, three real servers behind the balancer, and sellers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import sharp from 'sharp';
import { freePort } from '../../.tools/free-port.ts';
import { startPostgres } from '../../.tools/postgres.ts';
import { startKlingSimulator } from '../../demo/simulators/kling.ts';
import { createServerStarter, type ServerProcess } from '../kill-loop/server-process.ts';
import { startBalancer } from './balancer.ts';
import { startDatabaseLink, type DatabaseLink } from './database-link.ts';
import { createSeller, emptyDiary, type Seller } from './seller.ts';

/** The kill loop's pace, but with idle workers that wait to be woken. */
const unhurried = { file: 'server/jobs/worker.ts', find: 'const idleMs = 20;', put: 'const idleMs = 400;' };
const slots = 4;
const welcome = 100_000;
const site = { id: 'panel', issuer: 'https://panel.example', secret: 'the-shared-secret-of-the-site-of-many-nodes' };
const apiKey = 'the-api-key-of-the-site-of-many-nodes-0123456789';

/** A place for one server after another: a port and a link to the database of its own. */
export interface Node {
  name: string;
  port: number;
  /** Past the balancer. */
  url: string;
  link: DatabaseLink;
  /** Resolves once it is ready. */
  start(settings?: Record<string, string>): Promise<void>;
  /** Answers its exit code once it has ended; null for one that was killed. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  isUp(): boolean;
}

/** Starts everything but the servers. */
export async function foundTown({ nodes: count = 3 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-nodes-'));
  const postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase();
  const timings = { submittedMs: 20, processingMs: 150, callbackRetryDelaysMs: [] };
  const kling = await startKlingSimulator({ video: 'tiny', concurrency: slots, ...timings });
  const starter = createServerStarter({ cacheFolder: join(folder, 'compiled'), faults: [unhurried] });
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const balancer = await startBalancer(ports);
  const background = { r: 200, g: 80, b: 40 };
  const picture = new Uint8Array(
    await sharp({ create: { width: 330, height: 440, channels: 3, background } })
      .jpeg()
      .toBuffer(),
  );
  const diary = emptyDiary();
  const printed: string[] = [];
  const hired: Seller[] = [];

  const settings = {
    NODE_ENV: 'production',
    STORAGE_URL: `file:${join(folder, 'media')}`,
    SECRET: 'the-secret-of-the-nodes-32-bytes-or-more',
    KLING_API_KEY: kling.apiKey,
    KLING_API_BASE: kling.url,
    KLING_CONCURRENCY: String(slots),
    RESULT_HOSTS: `127.0.0.1:${kling.port}`,
    POLL_INTERVAL_MS: '100',
    SELLER_DAILY_JOBS: '0',
    SELLER_OPEN_JOBS: '0',
    SITE_ID: site.id,
    SITE_ISSUER: site.issuer,
    SITE_ORIGINS: site.issuer,
    SITE_JWT_SECRET: site.secret,
    SITE_API_KEY: apiKey,
    // On a busy machine the balancer and the sellers may need one to see that a node is to be left alone.
    DRAIN_SECONDS: '3',
    LOG_LEVEL: 'error',
  };

  async function createNode(at: number): Promise<Node> {
    const port = ports[at]!;
    const link = await startDatabaseLink(databaseUrl);
    let server: ServerProcess | null = null;
    return {
      name: `node ${at + 1}`,
      port,
      url: `http://127.0.0.1:${port}`,
      link,
      async start(more = {}) {
        const own = { PORT: String(port), DATABASE_URL: link.url, ...more };
        const started = starter.start({ settings: { ...settings, ...own }, fate: null });
        server = started;
        if (!(await started.ready)) throw new Error(`${started.printed().join('\n')}`);
        while (!balancer.hasHeardOf(port)) await new Promise((resolve) => setTimeout(resolve, 10));
      },
      async end(signal) {
        const ending = server!;
        ending.signal(signal);
        const { code } = await ending.ended;
        printed.push(...ending.printed());
        server = null;
        return code;
      },
      isUp: () => server !== null,
    };
  }
  const nodes = await Promise.all(ports.map((_, at) => createNode(at)));

  return {
    databaseUrl,
    kling,
    balancer,
    nodes,
    diary,
    slots,
    /** What servers that have ended have printed at level error. */
    printed,

    /** With tokens and a picture; any node that is ready will do. */
    async hire(userId: string): Promise<Seller> {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ amount: welcome, reference: 'welcome' });
      const path = `/v1/host/accounts/${userId}/grants`;
      const granted = await fetch(balancer.url + path, { method: 'POST', headers, body });
      if (!granted.ok) throw new Error(await granted.text());
      await granted.text();
      const seller = createSeller({ userId, url: balancer.url, token: await tokenOf(userId), picture, diary });
      hired.push(seller);
      await seller.upload();
      return seller;
    },

    /** A stream of this server, whole, once it has ended. Resolves when it was opened, with the promise of its text. */
    async openStream(url: string): Promise<{ text: Promise<string> }> {
      const headers = { authorization: `Bearer ${await tokenOf('of-the-stream')}` };
      const answer = await fetch(`${url}/v1/events`, { headers });
      return { text: answer.text() };
    },

    async close() {
      for (const seller of hired) seller.retire();
      for (const node of nodes) if (node.isUp()) await node.end('SIGKILL');
      starter.close();
      await balancer.close();
      await Promise.all(nodes.map(({ link }) => link.close()));
      await kling.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Town = Awaited<ReturnType<typeof foundTown>>;

function tokenOf(userId: string): Promise<string> {
  const signer = new SignJWT({}).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(site.issuer);
  signer.setAudience('kling-video-cover').setSubject(userId).setIssuedAt().setExpirationTime('15m');
  return signer.sign(new TextEncoder().encode(site.secret));
}

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Config } from './config.ts';
import { connectionLimits, maxConnections } from './http/connection-limits.ts';
import type { Log, Runtime } from './jobs/runtime.ts';
import type { BlobStore } from './media/blobs.ts';
import { hasSellersObjects, nameOfStorage } from './media/open.ts';
import type { Database } from './store/database.ts';
import { openPostgres } from './store/postgres.ts';
import { openSqlite } from './store/sqlite.ts';
import type { Store } from './store/store.ts';

const idleSweepMs = 100;

/** The real clock, ids and chance. */
export function systemRuntime(): Runtime {
  return {
    now: Date.now,
    newId: () => uuidv7(),
    random: Math.random,
    deadline: (timeoutMs) => AbortSignal.timeout(timeoutMs),
  };
}

/** JSON lines on standard output. What could be a credential never reaches them. */
export function createLog(level: string): Log {
  return pino({ level, redact: ['*.authorization', '*.cookie', '*.token', '*.secret', '*.apiKey'] });
}

/** SQLite or PostgreSQL, as the address says. A failing disk under SQLite ends the process. */
export async function openDatabase(
  { databaseUrl: url, databaseDirectUrl: directUrl }: Pick<Config, 'databaseUrl' | 'databaseDirectUrl'>,
  log: Log,
): Promise<Database> {
  if (url.startsWith('file:')) return openSqlite(url.slice('file:'.length), (err) => endBroken(err, log));
  const onFault = (err: unknown) => log.error({ err }, 'a PostgreSQL connection failed');
  return openPostgres({ url, ...(directUrl && { directUrl }), onFault });
}

/** Whoever started the process starts it again, and the next one checks the file before it serves. */
function endBroken(err: unknown, log: Log): void {
  log.error({ alarm: 'disk_failed', err }, 'the disk failed under the database; the server stops. Look at the disk.');
  process.exit(1);
}

/** Files of sellers without a single account mean that the database was lost or mistyped: empty books must not take its place. */
export async function refuseLostBooks(store: Store, blobs: BlobStore, { databaseUrl, storage }: Config): Promise<void> {
  if ((await store.accounts.list({ limit: 1 })).length > 0) return;
  const isLost = await hasSellersObjects(storage, blobs).catch(async (fault: unknown) => {
    await store.close();
    throw fault;
  });
  if (!isLost) return;
  await store.close();
  const database = databaseUrl.replace(/\/\/.*@/, '//');
  const wayOut = storage.kind === 'folder' ? 'move that folder away' : 'name another prefix';
  const message =
    `The database ${database} is empty, but ${nameOfStorage(storage)} holds pictures and clips of sellers. ` +
    `Restore the database or correct DATABASE_URL. To begin anew on purpose, ${wayOut}.`;
  throw Object.assign(new Error(message), { code: 'DATABASE_UNUSABLE' });
}

/** Where requests come in. */
export interface Door {
  /** From now on every answer asks its client to open another connection for its next request. */
  sendOn(): void;
  /** Takes no new connection. Answers under way may end within `graceMs`, then they are cut. */
  close(graceMs: number): Promise<void>;
}

/** Answers once the server listens. Throws a plain sentence when the port is taken. */
export async function listen(fetch: Parameters<typeof serve>[0]['fetch'], { host, port }: Config): Promise<Door> {
  const server = serve({ fetch, port, hostname: host, serverOptions: connectionLimits }) as Server;
  server.maxConnections = maxConnections;
  try {
    await once(server, 'listening');
  } catch (fault) {
    const taken = (fault as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (taken)
      throw Object.assign(new Error(`Port ${port} is taken. Choose another with PORT=….`), { code: 'EADDRINUSE' });
    throw fault;
  }
  return doorOf(server);
}

function doorOf(server: Server): Door {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  /** Clients open connections in advance, which Node does not count as idle (24.21) though nothing was asked on them. */
  function closeUnused(): void {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  return {
    sendOn: () => void server.prependListener('request', (_, answer) => answer.setHeader('connection', 'close')),
    async close(graceMs) {
      const closed = once(server, 'close');
      server.close();
      // A connection that was busy a moment ago would stay open for its client's next request.
      const sweep = setInterval(() => {
        server.closeIdleConnections();
        closeUnused();
      }, idleSweepMs);
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
    },
  };
}

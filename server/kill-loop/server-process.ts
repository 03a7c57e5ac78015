import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Edit } from './rewrite.ts';

const root = join(import.meta.dirname, '../..');
const preload = pathToFileURL(join(import.meta.dirname, 'kill-at.ts')).href;
const knockEveryMs = 10;

/** Where the process is to die; see `kill-at.ts`. */
export interface Fate {
  point: string;
  place: number;
  arrival: number;
  /** For a point that is a stretch of time: how far into it. */
  delayMs: number;
}

/** What a waiting process is told: the server's environment variables, and how it is to end. */
export interface Order {
  settings: Record<string, string>;
  fate: Fate | null;
  /** Faults to be planted into it: how the loop proves that it can see them. */
  faults?: readonly Edit[];
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  startedAtMs: number;
  /** True once its port answers; false when it ended before. */
  ready: Promise<boolean>;
  ended: Promise<Ending>;
  /** What it printed so far: log lines at level error, and stacks. */
  printed(): string[];
  signal(name: 'SIGKILL' | 'SIGTERM'): void;
  /** Whether SIGKILL came from outside and not from its own preload. */
  wasKilled(): boolean;
}

/**
 * Starts `server/main.ts` as a process of its own, as `npm start` would, plus the preload. Most of a start is the loading
 * of packages, so the process for the next server is always there already, waiting for its order.
 */
export function createServerStarter({ cacheFolder, faults }: { cacheFolder: string; faults: readonly Edit[] }) {
  let waiting = spawnWaiting(cacheFolder);
  return {
    start(order: Omit<Order, 'faults'>): ServerProcess {
      const child = waiting;
      waiting = spawnWaiting(cacheFolder);
      child.send({ ...order, faults });
      return watch(child, Number(order.settings['PORT']));
    },
    /** Ends the process that still waits. */
    close: () => void waiting.kill('SIGKILL'),
  };
}

export type ServerStarter = ReturnType<typeof createServerStarter>;

function spawnWaiting(cacheFolder: string): ChildProcess {
  const { PATH, HOME, NODE_OPTIONS } = process.env;
  return spawn(process.execPath, ['--import', preload, 'server/main.ts'], {
    cwd: root,
    env: { PATH, HOME, NODE_OPTIONS, NODE_COMPILE_CACHE: cacheFolder },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function watch(child: ChildProcess, port: number): ServerProcess {
  let printed = '';
  const keep = (chunk: Buffer) => (printed += chunk.toString());
  child.stdout!.on('data', keep);
  child.stderr!.on('data', keep);
  let isOver = false;
  let wasKilled = false;
  const ended = once(child, 'close').then(([code, signal]): Ending => {
    isOver = true;
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });

  async function untilReady(): Promise<boolean> {
    while (!isOver) {
      if (await answers(port)) return true;
      await new Promise((resolve) => setTimeout(resolve, knockEveryMs));
    }
    return false;
  }

  return {
    startedAtMs: Date.now(),
    ready: untilReady(),
    ended,
    printed: () => printed.split('\n').filter(Boolean),
    signal(name) {
      const isSent = child.kill(name);
      if (isSent && name === 'SIGKILL' && !isOver) wasKilled = true;
    },
    wasKilled: () => wasKilled,
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench, Stall } from './goal.ts';

const probe = fileURLToPath(new URL('probe.ts', import.meta.url));
const patienceMs = 180_000;

/** What a process has used; processor time since its start. */
export interface Usage {
  cpuMs: number;
  rssBytes: number;
  peakRssBytes: number;
  longestStallMs: number;
}

/** A process under test. */
export interface Subject {
  url: string;
  usage(question?: 'usage' | 'collect' | 'forget stalls'): Promise<Usage>;
  /** Ends it and notes its longest stall since the first answer. */
  stop(): Promise<void>;
}

interface SubjectSettings {
  script: string;
  env?: Record<string, string>;
  cwd?: string;
  /** Which stalls its own are counted among; left out: none. */
  among?: Stall;
  where: string;
}

/** Starts a script that listens on `PORT` of the loopback, in a process of its own. Resolves once it answers. */
export async function startSubject({ script, env = {}, cwd, among, where }: SubjectSettings): Promise<Subject> {
  const port = env['PORT'] ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { PATH, NODE_OPTIONS, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['--import', probe, script], {
    env: { PATH, NODE_OPTIONS, NODE_COMPILE_CACHE, ...env, PORT: port },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(cwd && { cwd }),
  });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  const exit = once(child, 'exit');

  const usage: Subject['usage'] = async (question = 'usage') => {
    const answer = once(child, 'message') as Promise<[Usage]>;
    child.send(question);
    return (await answer)[0];
  };

  const until = Date.now() + patienceMs;
  while (!(await fetch(`${url}/healthz`).catch(() => null))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${script} does not serve: ${said}`);
    await pause(30);
  }
  await usage('forget stalls');
  return {
    url,
    usage,
    async stop() {
      const { longestStallMs } = await usage();
      if (among && longestStallMs > among.ms) Object.assign(among, { ms: longestStallMs, where });
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Starts `floors/<name>.ts`. */
export function startFloor(
  bench: Bench,
  { name, where, env = {} }: { name: string; where: string; env?: Record<string, string> },
): Promise<Subject> {
  const script = fileURLToPath(new URL(`floors/${name}.ts`, import.meta.url));
  return startSubject({ script, env, where: `${where}, ${name}`, among: bench.stalls.floors });
}

/** A port of the loopback that nobody has now. */
export async function freePort(): Promise<number> {
  const place = createServer().listen(0, '127.0.0.1');
  await once(place, 'listening');
  const { port } = place.address() as AddressInfo;
  await new Promise((resolve) => place.close(resolve));
  return port;
}

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import type { BlobStore } from '../media/blobs.ts';
import type { Download } from '../media/download.ts';
import type { Pictures } from '../media/picture.ts';
import type { ClipFiles } from './clips.ts';
import { here, type Life } from './life.ts';
import type { SimulatedProvider } from './provider.ts';
import type { Simulation } from './simulation.ts';

export interface SimulatedObject {
  bytes: Buffer;
  sha256: string;
  /** False until its folder was synced: a power cut may take it away again. */
  isDurable: boolean;
}

const leftoverAgeMs = 3_600_000;
const stillBytes = Buffer.from('a framed still');

/** Thrown by a body when the remote side is at fault, so that it is told from a fault of the disk. */
class RemoteFault extends Error {}

/** The blob store, as `media/disk.ts` promises it: temporary file, sync, publish, sync of the folder. */
export function createSimulatedBlobs(
  simulation: Simulation,
  { clips, removing }: { clips: ClipFiles; removing: (key: string) => void },
) {
  const { chance, timeline, swarm } = simulation;
  const objects = new Map<string, SimulatedObject>();
  const temporary = new Map<string, number>();
  let puts = 0;

  const diskMs = () => ({ there: chance.between(1, 30), back: chance.between(0, 5) });
  function write(): void {
    if (simulation.strikes('disk full', swarm.diskFull)) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  }

  const store: BlobStore = {
    async put(key, source, { maxBytes }) {
      const { life } = here();
      const name = `unfinished-${++puts}`;
      await life.call('opens a file', diskMs(), () => {
        write();
        temporary.set(name, timeline.now());
      });
      try {
        const chunks: Uint8Array[] = [];
        for await (const chunk of source as AsyncIterable<Uint8Array>) chunks.push(chunk);
        const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
        if (bytes.length > maxBytes) throw new AppError('upload_too_large', { maxBytes });
        await life.call('syncs a file', diskMs(), write);
        const object = { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), isDurable: false };
        await life.call('publishes a file', diskMs(), () => {
          if (objects.has(key)) throw new Error(`blob ${key} exists`);
          objects.set(key, object);
          simulation.note(`published ${key}`);
        });
        await life.call('syncs a folder', diskMs(), () => {
          object.isDurable = true;
        });
        return { bytes: bytes.length, sha256: object.sha256 };
      } finally {
        temporary.delete(name);
      }
    },
    async stat(key) {
      const object = objects.get(key);
      return object ? { bytes: object.bytes.length } : null;
    },
    async read(key) {
      const { life } = here();
      const object = await life.call('reads a file', diskMs(), () => objects.get(key));
      return object ? Readable.from([object.bytes]) : null;
    },
    async withFile(key, use) {
      const { life } = here();
      const object = await life.call('opens for reading', diskMs(), () => objects.get(key));
      if (!object) throw new AppError('not_found');
      return use(clips.pathOf(object.bytes));
    },
    remove(key) {
      return here().life.call('removes a file', diskMs(), () => {
        removing(key);
        objects.delete(key);
      });
    },
    async check() {},
  };

  return {
    store,
    objects,
    temporary,
    /** What the disk store does when a process starts. */
    removeLeftovers(): void {
      for (const [name, bornAt] of temporary) if (timeline.now() - bornAt > leftoverAgeMs) temporary.delete(name);
    },
    /** Names that were not synced may be gone after a power cut. */
    cutPower(): void {
      for (const [key, object] of objects) {
        if (object.isDurable) continue;
        simulation.count('unsynced file lost');
        objects.delete(key);
      }
    },
  };
}

export type SimulatedBlobs = ReturnType<typeof createSimulatedBlobs>;

/** Pictures are not the matter here: every frame gives the same still, and a bad picture is bad for ever. */
export function createSimulatedPictures(
  simulation: Simulation,
  isBadPicture: (uploadPath: string) => boolean,
): Pictures {
  const { chance } = simulation;
  return {
    inspect: () => Promise.reject(new Error('not part of the simulation')),
    compose: ({ path }) =>
      here().life.call('composes', { there: chance.between(5, 400), back: 0 }, () => {
        if (isBadPicture(path)) throw new AppError('image_unreadable');
        return { bytes: stillBytes, contentType: 'image/jpeg' as const, width: 600, height: 800 };
      }),
  };
}

/** The provider's file host, through the promises of `media/download.ts`. */
export function createSimulatedDownload(
  simulation: Simulation,
  { provider, clips }: { provider: SimulatedProvider; clips: ClipFiles },
) {
  const { chance, timeline, swarm } = simulation;
  const blocked: { from: number; until: number }[] = [];

  function pause(life: Life, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    signal?.addEventListener('abort', () => reject(new RemoteFault('timeout')), { once: true });
    if (signal?.aborted) reject(new RemoteFault('timeout'));
    life.deliver(waitMs, 'bytes arrive', resolve);
    return promise;
  }

  const download: Download = async (url, consume, signal) => {
    const { life } = here();
    const [taskId, issuedAt] = url.split('/').slice(-2) as [string, string];
    const task = provider.task(taskId)!;
    try {
      await pause(life, chance.between(20, 400), signal);
    } catch {
      return { outcome: 'unclear', reason: 'timeout' };
    }
    const isBlocked = blocked.some(({ from, until }) => from <= timeline.now() && timeline.now() < until);
    if (simulation.faultsOn && isBlocked) {
      simulation.count('result host blocked');
      return { outcome: 'blocked', reason: 'host' };
    }
    const hasExpired = timeline.now() - Number(issuedAt) > swarm.urlLifeMs;
    if (hasExpired) simulation.count('URL expired');
    if (hasExpired || simulation.strikes('URL gone', swarm.goneUrl)) return { outcome: 'gone', status: 403 };

    const isBroken = simulation.strikes('broken body', swarm.brokenBody);
    const bytes = clips.bytes(isBroken ? chance.pick(['cut', 'page', 'empty'] as const) : task.clip, task.seconds);
    const isCut = simulation.strikes('body cut', swarm.cutBody);
    const isSlow = simulation.strikes('slow body', swarm.slowBody);
    async function* body() {
      await pause(life, isSlow ? chance.between(60_000, 250_000) : chance.between(100, 3_000), signal);
      if (isCut) throw new RemoteFault('truncated');
      yield bytes;
    }
    try {
      return { outcome: 'ok', value: await consume(body() as never), bytes: bytes.length };
    } catch (fault) {
      if (fault instanceof RemoteFault) return { outcome: 'unclear', reason: fault.message };
      throw fault;
    }
  };

  return { download, block: (from: number, until: number) => blocked.push({ from, until }) };
}

import { AppError } from '../errors.ts';
import type { Download } from '../media/download.ts';
import type { Pictures } from '../media/picture.ts';
import type { ClipFiles } from './clips.ts';
import { here, type Life } from './life.ts';
import type { SimulatedProvider } from './provider.ts';
import type { Simulation } from './simulation.ts';

const stillBytes = Buffer.from('a framed still');

/** Thrown by a body when the remote side is at fault, so that it is told from a fault of the disk. */
class RemoteFault extends Error {}

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

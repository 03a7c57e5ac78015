import { AppError } from '../errors.ts';
import { progressOf } from '../jobs/job.ts';
import type { Node } from './nodes.ts';
import type { Simulation } from './simulation.ts';

interface ClientParts {
  simulation: Simulation;
  nodes: Node[];
  accountId: string;
  uploadId: string;
}

const secondMs = 1_000;

/**
 * A seller behind the HTTP layer: orders with an idempotency key until a definite answer comes, sometimes twice at once
 * and on two nodes, watches progress, changes the mind, and comes back after lost answers.
 */
export function createClient({ simulation, nodes, accountId, uploadId }: ClientParts) {
  const { chance, timeline, swarm } = simulation;
  /** Which job a key stands for. Emptied by a restore: the promise holds for what the database still knows. */
  const jobOfKey = new Map<string, string>();
  const seenProgress = new Map<string, number>();

  const waitMs = () => chance.between(500, 20 * secondMs);

  /** One request to one node; answers nothing when the node is down, dies or its answer is lost. */
  function ask<T>(what: string, node: Node, work: () => Promise<T>, answered: (answer: T | AppError) => void): void {
    timeline.after(chance.between(1, 200), `client ${what}`, () => {
      const life = node.life();
      if (!life || !node.isUp()) return answered(new AppError('unavailable'));
      if (timeline.now() < life.stalledUntil) return answered(new AppError('unavailable'));
      const back = (answer: T | AppError) => {
        if (!life.isAlive || simulation.strikes('client answer lost', swarm.lostClientAnswer))
          return answered(new AppError('unavailable'));
        timeline.after(chance.between(1, 200), `client got ${what}`, () => answered(answer));
      };
      let isAnswered = false;
      const once = (answer: T | AppError) => {
        if (isAnswered) return;
        isAnswered = true;
        back(answer);
      };
      work().then(once, (fault: unknown) => {
        if (fault instanceof AppError) return once(fault);
        simulation.fail('client', `${what} failed with ${String(fault)}`);
      });
      timeline.after(30 * secondMs, `client gives up ${what}`, () => {
        if (isAnswered) return;
        isAnswered = true;
        answered(new AppError('unavailable'));
      });
    });
  }

  function order(key: string, presetId: string, attempt = 1): void {
    const request = { presetId, uploadId, fit: 'crop' as const };
    const node = chance.pick(nodes);
    ask(
      'order',
      node,
      () => node.serve('order', (service) => service.create({ accountId, idempotencyKey: key, request })),
      (answer) => {
        if (answer instanceof AppError) {
          if (answer.code === 'insufficient_tokens') return simulation.count('not enough tokens');
          if (answer.code !== 'unavailable') return simulation.fail('M11', `order refused with ${answer.code}`);
          if (simulation.faultsOn || attempt < 50)
            timeline.after(waitMs(), 'client tries again', () => order(key, presetId, attempt + 1));
          return;
        }
        const { id } = answer.job;
        const known = jobOfKey.get(key);
        if (known !== undefined && known !== id) simulation.fail('M11', `key ${key} made ${known} and ${id}`);
        jobOfKey.set(key, id);
        if (known !== undefined) return;
        watch(id);
        if (simulation.strikes('cancel', swarm.cancel)) timeline.after(waitMs(), 'client cancels', () => cancel(id));
        if (chance.happens(0.2)) timeline.after(waitMs(), 'client reuses key', () => mismatch(key, presetId));
      },
    );
  }

  /** The same key with another request is refused. */
  function mismatch(key: string, presetId: string): void {
    if (!jobOfKey.has(key)) return;
    const node = chance.pick(nodes);
    const request = { presetId, uploadId, fit: 'crop' as const, prompt: 'another prompt' };
    ask(
      'mismatch',
      node,
      () => node.serve('order', (service) => service.create({ accountId, idempotencyKey: key, request })),
      (answer) => {
        const isRefused = answer instanceof AppError && ['idempotency_mismatch', 'unavailable'].includes(answer.code);
        if (!isRefused && jobOfKey.has(key)) simulation.fail('M11', `key ${key} was taken with another request`);
      },
    );
  }

  function cancel(id: string): void {
    const node = chance.pick(nodes);
    ask(
      'cancel',
      node,
      () => node.serve('cancel', (service) => service.cancel(accountId, id)),
      () => {},
    );
  }

  function watch(id: string): void {
    for (let look = 0; look < 3; look++)
      timeline.after(chance.between(secondMs, 240 * secondMs), 'client looks', () => {
        const node = chance.pick(nodes);
        const life = node.life();
        ask(
          'progress',
          node,
          () => node.serve('read', (service) => service.get(accountId, id)),
          (answer) => {
            if (answer instanceof AppError || !life?.isAlive) return;
            const per = `${id} at ${life.name}`;
            const progress = progressOf(answer, life.now());
            // Answers may overtake each other on their way; only newer versions are compared, as a client does.
            const before = seenProgress.get(per) ?? 0;
            const isEnded = answer.status === 'failed' || answer.status === 'cancelled';
            if (progress < before && !isEnded) simulation.fail('S2', `progress of ${id}: ${before} → ${progress}`);
            seenProgress.set(per, Math.max(before, progress));
          },
        );
      });
  }

  return {
    order(key: string, presetId: string): void {
      order(key, presetId);
      if (simulation.strikes('double order', swarm.doubleOrder)) order(key, presetId);
    },
    /** After a restore the client orders nothing anew, and its memory of keys is void. */
    forget(): void {
      jobOfKey.clear();
      seenProgress.clear();
    },
  };
}

export type Client = ReturnType<typeof createClient>;

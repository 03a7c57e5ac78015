import type { TaskRequest, LookupOutcome, ProviderTask, SubmitOutcome, ProviderClient } from '../providers/provider.ts';
import type { ClipKind } from './clips.ts';
import { here, type Life } from './life.ts';
import type { Simulation } from './simulation.ts';

/** A task as the provider itself knows it. */
export interface SimulatedTask {
  taskId: string;
  externalId: string;
  seconds: number;
  visibleAt: number;
  runsAt: number;
  endsAt: number;
  verdict: 'succeeded' | 'failed' | 'content';
  clip: ClipKind;
  callbackUrl: string | undefined;
  /** Asked for before the database went back to an older backup. */
  isFromBeforeRestore: boolean;
  /** Its request was on its way for longer than the core counts on. */
  cameAfterGrace: boolean;
}

/** What the oracle wants to hear of, at the very moment. */
export interface ProviderWatch {
  /** The first byte of a create request leaves this process. */
  posted(life: Life, request: TaskRequest): void;
  /** A paid task was made. */
  made(task: SimulatedTask): void;
}

export type CallbackSink = (url: string, label: string) => void;

/**
 * The video service behind the provider port. A request, once sent, lives on without its sender: it lands later, its
 * answer may be lost, it may land after the sender has given up.
 */
export function createSimulatedProvider(simulation: Simulation, watch: ProviderWatch, callback: CallbackSink) {
  const { chance, timeline, swarm } = simulation;
  const tasks = new Map<string, SimulatedTask>();
  const refused = new Map<string, 'content' | 'request'>();
  const inFlight = new Map<string, number>();
  const blocked: { from: number; until: number }[] = [];
  let restoredAt = -Infinity;

  const now = () => timeline.now();
  const hasEnded = (task: SimulatedTask) => task.endsAt <= now();
  const isBlocked = () => {
    const isNow = simulation.faultsOn && blocked.some(({ from, until }) => from <= now() && now() < until);
    if (isNow) simulation.count('account blocked');
    return isNow;
  };
  const travelMs = () => chance.between(20, 300);

  /**
   * How long a request is on its way. The core counts on two minutes and a half at most; a provider that refuses ids it
   * knows protects even from later ones.
   */
  function landing(): number {
    if (!simulation.strikes('late landing', swarm.lateLanding)) return travelMs();
    if (swarm.duplicateIds === 'accepted' || chance.happens(0.6)) return chance.between(5_000, 95_000);
    simulation.count('landing after the grace');
    return chance.between(120_000, 400_000);
  }

  /** The request has arrived. */
  function land(request: TaskRequest, sentAt: number): SubmitOutcome {
    const { externalId } = request;
    if (isBlocked()) return { outcome: 'account-blocked', reason: '1102 pack empty' };
    if (swarm.duplicateIds === 'refused' && of(externalId).length > 0) {
      simulation.count('duplicate id refused');
      return { outcome: 'exists', reason: '1201 External_task_id already exists' };
    }
    const running = [...tasks.values()].filter((task) => !hasEnded(task)).length;
    if (running >= swarm.slots || simulation.strikes('busy', swarm.busy)) return { outcome: 'busy', reason: '1303' };
    if (
      refused.has(externalId) ||
      (of(externalId).length === 0 && simulation.strikes('task refused', swarm.refusedTask))
    ) {
      const because = refused.get(externalId) ?? chance.pick(['content', 'request'] as const);
      refused.set(externalId, because);
      return { outcome: 'refused', because, reason: '1301' };
    }
    return { outcome: 'accepted', taskId: make(request, sentAt).taskId };
  }

  function make(request: TaskRequest, sentAt: number): SimulatedTask {
    const startsMs = chance.between(0, 5_000);
    const isStuck = simulation.strikes('stuck task', swarm.stuckTask);
    const isFailed = simulation.strikes('task failed', swarm.failedTask);
    const isWrong = !isFailed && simulation.strikes('wrong clip', swarm.wrongClip);
    const task: SimulatedTask = {
      taskId: `task-${tasks.size + 1}`,
      externalId: request.externalId,
      seconds: request.seconds,
      visibleAt: now() + chance.between(0, swarm.lookupLagMs),
      runsAt: now() + startsMs,
      endsAt: isStuck ? Infinity : now() + startsMs + chance.between(swarm.taskMs.min, swarm.taskMs.max),
      verdict: isFailed ? chance.pick(['failed', 'content'] as const) : 'succeeded',
      clip: isWrong ? chance.pick(['square', 'cut'] as const) : 'whole',
      callbackUrl: request.callbackUrl,
      isFromBeforeRestore: sentAt <= restoredAt,
      cameAfterGrace: now() - sentAt > 115_000,
    };
    tasks.set(task.taskId, task);
    watch.made(task);
    if (task.visibleAt > now()) simulation.count('look-up lags');
    announce(task, 0);
    announce(task, startsMs);
    if (!isStuck) announce(task, task.endsAt - now());
    return task;
  }

  /** Callbacks come late, twice, out of order or not at all; forged ones name any job. */
  function announce(task: SimulatedTask, waitMs: number): void {
    const url = task.callbackUrl;
    if (url === undefined || simulation.strikes('callback lost', swarm.lostCallback)) return;
    const lateMs = simulation.strikes('callback late', swarm.lateCallback) ? chance.between(1_000, 120_000) : 0;
    timeline.after(waitMs + lateMs + travelMs(), 'callback', () => callback(url, 'callback'));
    if (simulation.strikes('callback repeated', swarm.repeatedCallback))
      timeline.after(waitMs + chance.between(0, 60_000), 'callback again', () => callback(url, 'callback again'));
  }

  function of(externalId: string): SimulatedTask[] {
    return [...tasks.values()].filter((task) => task.externalId === externalId);
  }

  function report(task: SimulatedTask): ProviderTask {
    const { taskId, externalId } = task;
    const facts = { taskId, externalId, reason: 'said the provider', resultUrl: null };
    if (simulation.strikes('status flip', swarm.statusFlip))
      return { ...facts, state: chance.pick(['unknown', 'waiting', 'running'] as const) };
    if (!hasEnded(task)) return { ...facts, state: task.runsAt <= now() ? 'running' : 'waiting' };
    if (task.verdict === 'succeeded')
      return { ...facts, state: 'succeeded', resultUrl: `https://cdn.example/${taskId}/${now()}` };
    return { ...facts, state: 'failed', ...(task.verdict === 'content' && { because: 'content' as const }) };
  }

  /** One question and its answer; what cannot be answered before the signal ends is unclear. */
  function ask<T>(
    what: string,
    signal: AbortSignal,
    reply: () => T,
  ): Promise<T | { outcome: 'unclear'; reason: string }> {
    const { life } = here();
    const { promise, resolve } = Promise.withResolvers<T | { outcome: 'unclear'; reason: string }>();
    const unclear = (reason: string) => resolve({ outcome: 'unclear', reason });
    if (signal.aborted) unclear('ended before it began');
    signal.addEventListener('abort', () => unclear('timeout'), { once: true });
    timeline.after(travelMs(), `${life.name} asks ${what}`, () => {
      if (simulation.strikes('question lost', swarm.readFault / 2)) return;
      if (simulation.strikes('question answered 5xx', swarm.readFault / 2))
        return life.deliver(travelMs(), `5xx to ${what}`, () => unclear('HTTP 502'));
      const answer = reply();
      life.deliver(travelMs(), `answer to ${what}`, () => resolve(answer));
    });
    return promise;
  }

  function lookUp(matches: (task: SimulatedTask) => boolean): LookupOutcome {
    if (isBlocked()) return { outcome: 'account-blocked', reason: '1000 signature' };
    const all = [...tasks.values()];
    const foreign = all.find((task) => !matches(task));
    if (foreign && simulation.strikes('foreign answer', swarm.foreignAnswer))
      return { outcome: 'found', task: report(foreign) };
    const task = all.find((candidate) => candidate.visibleAt <= now() && matches(candidate));
    return task ? { outcome: 'found', task: report(task) } : { outcome: 'absent' };
  }

  const client: ProviderClient = {
    submit(request, signal) {
      const { life } = here();
      watch.posted(life, request);
      const { promise, resolve } = Promise.withResolvers<SubmitOutcome>();
      if (signal.aborted || simulation.strikes('not sent', swarm.notSent)) {
        life.deliver(travelMs(), 'POST not sent', () => resolve({ outcome: 'not-sent', reason: 'ECONNREFUSED' }));
        return promise;
      }
      const unclear = (reason: string) => resolve({ outcome: 'unclear', reason });
      signal.addEventListener('abort', () => unclear('timeout'), { once: true });
      if (simulation.strikes('request lost', swarm.lostRequest)) return promise;
      const landsMs = landing();
      const isLost = simulation.strikes('answer lost', swarm.lostAnswer);
      const { externalId } = request;
      const sentAt = now();
      inFlight.set(externalId, (inFlight.get(externalId) ?? 0) + 1);
      timeline.after(landsMs, `POST of ${life.name} lands`, () => {
        inFlight.set(externalId, inFlight.get(externalId)! - 1);
        if (!life.isAlive) simulation.count('landed after death');
        const outcome = land(request, sentAt);
        simulation.note(`provider: ${outcome.outcome} ${externalId}`);
        if (!isLost) life.deliver(travelMs(), 'POST answered', () => resolve(outcome));
        else if (chance.happens(0.5)) life.deliver(travelMs(), 'POST answered 5xx', () => unclear('HTTP 504'));
      });
      return promise;
    },

    findByExternalId: (externalId, signal) =>
      ask('external id', signal, () => lookUp((task) => task.externalId === externalId)),

    async findByTaskId(taskId, signal) {
      const found = await ask('task', signal, () => lookUp((task) => task.taskId === taskId));
      // The Kling client itself refuses another task than the one asked for.
      const isOther = found.outcome === 'found' && found.task.taskId !== taskId;
      return isOther ? { outcome: 'unclear', reason: 'another task' } : found;
    },

    listNewest: (limit, signal) =>
      ask('list', signal, () => {
        if (isBlocked()) return { outcome: 'account-blocked' as const, reason: '1000 signature' };
        const visible = [...tasks.values()].filter((task) => task.visibleAt <= now()).toReversed();
        return {
          outcome: 'listed' as const,
          tasks: visible.slice(0, limit).map(report),
          complete: visible.length <= limit,
        };
      }),
  };

  return {
    client,
    tasks,
    of,
    refusalOf: (externalId: string) => refused.get(externalId),
    task: (taskId: string) => tasks.get(taskId),
    isInFlight: (externalId: string) => (inFlight.get(externalId) ?? 0) > 0,
    hasEnded,
    block: (from: number, until: number) => blocked.push({ from, until }),
    /** The server's database forgets what came after an earlier moment; requests on their way are forgotten as well. */
    databaseWentBack(): void {
      restoredAt = now();
      for (const task of tasks.values()) task.isFromBeforeRestore = true;
    },
    /** In the liveness phase every task ends: mostly soon, because each hour of asking is dear to simulate. */
    unstick(): void {
      const longestMs = chance.happens(0.02) ? 20 * 3_600_000 : 600_000;
      for (const task of tasks.values())
        if (task.endsAt === Infinity) task.endsAt = now() + chance.between(60_000, longestMs);
    },
  };
}

export type SimulatedProvider = ReturnType<typeof createSimulatedProvider>;

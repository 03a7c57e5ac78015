import { AsyncLocalStorage } from 'node:async_hooks';
import type { Simulation } from './simulation.ts';

/** On whose behalf code runs: which process, and what for. */
export interface Here {
  life: Life;
  role: 'worker' | 'order' | 'cancel' | 'hint' | 'read' | 'setup';
}

const context = new AsyncLocalStorage<Here>();

/** The process that asks. Throws outside of all processes: then the simulator itself has a bug. */
export function here(): Here {
  const found = context.getStore();
  if (!found) throw new Error('core code ran outside of every simulated process');
  return found;
}

export function runHere<T>(place: Here, work: () => T): T {
  return context.run(place, work);
}

/** How long a request travels, and its answer. */
export interface Travel {
  there: number;
  back: number;
}

/**
 * One process from its start to its death. Every wait of the core passes through here: an answer to a dead process is
 * never delivered, one to a stalled process waits for the stall's end, and at each answer the process may die or stall.
 */
export class Life {
  isAlive = true;
  stalledUntil = 0;
  /** Idle timers are drawn together by the node, so that empty virtual hours cost nothing. */
  onIdle: ((wake: () => void) => void) | null = null;
  readonly name: string;
  readonly skewMs: number;
  readonly simulation: Simulation;
  readonly onCrash: (life: Life) => void;

  constructor(parts: { name: string; skewMs: number; simulation: Simulation; onCrash: (life: Life) => void }) {
    this.name = parts.name;
    this.skewMs = parts.skewMs;
    this.simulation = parts.simulation;
    this.onCrash = parts.onCrash;
  }

  now(): number {
    return this.simulation.timeline.now() + this.skewMs;
  }

  /** Asks something outside the process. `perform` is not run when the process dies before the request has arrived. */
  call<T>(what: string, travel: Travel, perform: () => T | Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (!this.isAlive) return promise;
    this.simulation.timeline.after(travel.there, `${this.name} ${what}`, async () => {
      if (!this.isAlive) return;
      if (this.mayCrash(`before ${what}`)) return;
      try {
        const value = await perform();
        this.deliver(travel.back, `${what} answered`, () => resolve(value));
      } catch (fault) {
        this.deliver(travel.back, `${what} failed`, () => reject(fault));
      }
    });
    return promise;
  }

  /** Hands something to the process after a wait, if it still lives then. */
  deliver(waitMs: number, what: string, hand: () => void): void {
    const { timeline } = this.simulation;
    timeline.after(waitMs, `${this.name} ${what}`, () => {
      if (!this.isAlive || this.mayCrash(`at ${what}`)) return;
      this.mayStall(what);
      this.whenAwake(what, hand);
    });
  }

  /** A timer of the process: it neither kills nor stalls, but waits for a stall's end. */
  timer(waitMs: number, what: string, fire: () => void): void {
    this.simulation.timeline.after(waitMs, `${this.name} ${what}`, () => this.whenAwake(what, fire));
  }

  private whenAwake(what: string, hand: () => void): void {
    const { timeline } = this.simulation;
    if (!this.isAlive) return;
    if (timeline.now() >= this.stalledUntil) return hand();
    timeline.at(this.stalledUntil, `${this.name} ${what}, late`, () => this.whenAwake(what, hand));
  }

  private mayCrash(where: string): boolean {
    const { simulation } = this;
    if (!simulation.strikes('crash', simulation.swarm.crash)) return false;
    simulation.note(`${this.name} dies ${where}`);
    this.onCrash(this);
    return true;
  }

  private mayStall(where: string): void {
    const { simulation } = this;
    if (!simulation.strikes('stall', simulation.swarm.stall)) return;
    const stallMs = simulation.chance.between(1_000, simulation.swarm.longestStallMs);
    if (stallMs > 120_000) simulation.count('stall longer than a lease');
    simulation.note(`${this.name} stalls for ${stallMs} ms at ${where}`);
    this.stalledUntil = simulation.timeline.now() + stallMs;
  }
}

class VirtualTimer {
  isCleared = false;
}

const workerIdleMs = 500;

/**
 * Gives code inside a simulated process virtual timers and takes the real clock and real chance from it; everything
 * else in this Node process keeps the real ones. Answers the function that undoes it.
 */
export function replaceAmbient(): () => void {
  const real = { setTimeout, clearTimeout, now: Date.now, random: Math.random };

  function virtualTimeout(fire: () => void, waitMs = 0): VirtualTimer {
    const { life, role } = here();
    const timer = new VirtualTimer();
    const fireUnlessCleared = () => {
      if (!timer.isCleared) fire();
    };
    if (role === 'worker' && waitMs === workerIdleMs && life.onIdle) life.onIdle(fireUnlessCleared);
    else life.timer(waitMs, 'timer', fireUnlessCleared);
    return timer;
  }

  const forbid = (name: string) => {
    const place = context.getStore();
    place?.life.simulation.fail('ambient', `the core used ${name}`);
  };

  globalThis.setTimeout = ((fire: () => void, waitMs?: number, ...rest: unknown[]) =>
    context.getStore()
      ? virtualTimeout(fire, waitMs)
      : Reflect.apply(real.setTimeout, globalThis, [fire, waitMs, ...rest])) as typeof setTimeout;
  globalThis.clearTimeout = ((timer: unknown) => {
    if (timer instanceof VirtualTimer) timer.isCleared = true;
    else real.clearTimeout(timer as NodeJS.Timeout);
  }) as typeof clearTimeout;
  Date.now = () => {
    const place = context.getStore();
    // The disk store compares ages of files when it starts.
    if (place?.role === 'setup') return place.life.now();
    forbid('Date.now');
    return real.now();
  };
  Math.random = () => {
    forbid('Math.random');
    return real.random();
  };

  return () => {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Date.now = real.now;
    Math.random = real.random;
  };
}

import type { Chance } from './chance.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/**
 * What one seed's world is like. Each fault is off in half of the worlds, so that a bug that needs one of them alone is
 * not drowned by the others. Rates are probabilities per occasion.
 */
export interface Swarm {
  nodes: number;
  sellers: number;
  orders: number;
  slots: number;
  pollIntervalMs: number;
  deadlineMs: number;
  /** How long faults happen. */
  safetyMs: number;
  /** What the provider does with an external id it knows. */
  duplicateIds: 'refused' | 'accepted';
  picturesByUrl: boolean;
  hasCallbacks: boolean;
  taskMs: { min: number; max: number };
  urlLifeMs: number;

  /** Of a node, at each answer it waits for. */
  crash: number;
  stall: number;
  longestStallMs: number;
  /** All nodes at once, and bytes that were not synced are lost: how many times. */
  powerCuts: number;
  /** Ordered stops with a grace, as on SIGTERM: how many. */
  drains: number;
  /** How far a node's clock may be off, either way. */
  skewMs: number;
  lostSignal: number;

  /** The longest way to the database and back; at two seconds nodes often act on what is no longer so. */
  databaseMs: number;
  databaseDown: number;
  commitUnknown: number;
  diskFull: number;
  restores: number;

  notSent: number;
  /** The request never arrives, and no answer comes. */
  lostRequest: number;
  /** The request arrives, and its answer is lost, a 5xx or unreadable. */
  lostAnswer: number;
  /** A request lands long after its sender has given up. */
  lateLanding: number;
  /** How long a new task may be missing from look-ups and lists. */
  lookupLagMs: number;
  readFault: number;
  foreignAnswer: number;
  statusFlip: number;
  busy: number;
  /** Windows in which the provider says no to the whole account. */
  blockedWindows: number;
  refusedTask: number;
  failedTask: number;
  stuckTask: number;
  wrongClip: number;

  goneUrl: number;
  cutBody: number;
  brokenBody: number;
  slowBody: number;
  blockedHostWindows: number;

  forgedCallback: number;
  repeatedCallback: number;
  lateCallback: number;
  lostCallback: number;

  lostClientAnswer: number;
  doubleOrder: number;
  cancel: number;
  badPicture: number;
  poorSellers: boolean;
}

export function drawSwarm(chance: Chance): Swarm {
  const rate = (highest: number) => (chance.happens(0.5) ? chance.next() * highest : 0);
  const times = (most: number) => (chance.happens(0.3) ? chance.between(1, most) : 0);
  const restores = chance.happens(0.08) ? 1 : 0;
  return {
    nodes: chance.happens(0.3) ? 3 : 2,
    sellers: chance.between(1, 3),
    orders: chance.between(1, 4),
    slots: chance.between(1, 3),
    pollIntervalMs: chance.pick([10, 20, 40]) * secondMs,
    deadlineMs: chance.pick([4, 15, 60]) * minuteMs,
    safetyMs: chance.between(3, 12) * minuteMs,
    duplicateIds: restores > 0 || chance.happens(0.5) ? 'refused' : 'accepted',
    picturesByUrl: chance.happens(0.7),
    hasCallbacks: chance.happens(0.6),
    taskMs: chance.pick([
      { min: 10 * secondMs, max: 40 * secondMs },
      { min: 30 * secondMs, max: 3 * minuteMs },
    ]),
    urlLifeMs: chance.pick([20 * secondMs, 10 * minuteMs, 24 * 60 * minuteMs]),

    crash: rate(0.02),
    stall: rate(0.015),
    longestStallMs: chance.pick([20 * secondMs, 3 * minuteMs, 8 * minuteMs]),
    powerCuts: times(2),
    drains: times(2),
    skewMs: chance.happens(0.3) ? 5 * secondMs : 0,
    lostSignal: chance.pick([0, 0.5, 1, 1]),

    databaseMs: chance.pick([3, 3, 50, 2_000]),
    databaseDown: rate(0.03),
    commitUnknown: rate(0.02),
    diskFull: rate(0.3),
    restores,

    notSent: rate(0.3),
    lostRequest: rate(0.3),
    lostAnswer: rate(0.4),
    lateLanding: rate(0.6),
    lookupLagMs: chance.happens(0.4) ? chance.between(1, 20) * secondMs : 0,
    readFault: rate(0.2),
    foreignAnswer: rate(0.3),
    statusFlip: rate(0.2),
    busy: rate(0.3),
    blockedWindows: times(2),
    refusedTask: rate(0.4),
    failedTask: rate(0.4),
    stuckTask: rate(0.15),
    wrongClip: rate(0.3),

    goneUrl: rate(0.3),
    cutBody: rate(0.3),
    brokenBody: rate(0.3),
    slowBody: rate(0.2),
    blockedHostWindows: times(1),

    forgedCallback: rate(0.5),
    repeatedCallback: rate(0.4),
    lateCallback: rate(0.4),
    lostCallback: rate(0.4),

    lostClientAnswer: rate(0.3),
    doubleOrder: rate(0.4),
    cancel: rate(0.5),
    badPicture: rate(0.2),
    poorSellers: chance.happens(0.4),
  };
}

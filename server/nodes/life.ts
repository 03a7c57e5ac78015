import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../kill-loop/chance.ts';
import { auditTown } from './audit.ts';
import type { Seller } from './seller.ts';
import type { Node, Town } from './town-testing.ts';

const sellersCount = 5;
/** More would only lengthen the calm at the end. */
const maxWaiting = 4;
const calmLimitMs = 90_000;

/** What can happen to a node. */
export const misfortunes = ['kill', 'cut', 'restart', 'silence', 'kill and cut'] as const;
export type Misfortune = (typeof misfortunes)[number];

interface LifeParts {
  town: Town;
  chance: Chance;
  happens: Iterable<Misfortune>;
  tell?: (line: string) => void;
}

export interface LifeReport {
  violations: string[];
  jobs: number;
  healed: number;
  reconnections: number;
}

/**
 * Starts all nodes at once on an empty database, lets sellers order and listen while one misfortune follows the other,
 * waits until everybody has heard the end of everything, and then looks at the books.
 */
export async function liveThrough({ town, chance, happens, tell = () => {} }: LifeParts): Promise<LifeReport> {
  const { nodes, diary } = town;
  await Promise.all(nodes.map((node) => node.start()));
  const sellers = await Promise.all(Array.from({ length: sellersCount }, (_, at) => town.hire(`seller-${at}`)));
  const listening = sellers.map((seller) => seller.listen());
  let isOver = false;
  const ordering = sellers.map(async (seller) => {
    while (!isOver) {
      if (seller.waitsFor().length < maxWaiting) await seller.order();
      await pause(chance.between(50, 250));
    }
  });

  for (const misfortune of happens) {
    tell(`${misfortune}, ${sellers.reduce((sum, seller) => sum + seller.ordered(), 0)} orders so far`);
    await befall(misfortune, { nodes: chance.shuffled(nodes), chance, diary });
    await pause(chance.between(50, 300));
  }
  isOver = true;
  await Promise.all(ordering);
  await calm(sellers);
  const violations = await auditTown(town, sellers);
  for (const seller of sellers) seller.leave();
  await Promise.all(listening);
  const jobs = sellers.reduce((sum, seller) => sum + seller.ordered(), 0);
  return { violations, jobs, healed: diary.healed, reconnections: diary.reconnections };
}

async function befall(
  misfortune: Misfortune,
  { nodes, chance, diary }: { nodes: Node[]; chance: Chance; diary: Town['diary'] },
): Promise<void> {
  const [one, other] = nodes as [Node, Node];
  const cut = async (node: Node) => {
    node.link.cut();
    await pause(chance.between(300, 1_500));
    node.link.restore();
  };
  const kill = async (node: Node) => {
    await node.end('SIGKILL');
    await node.start();
  };
  switch (misfortune) {
    case 'kill':
      return kill(one);
    case 'cut':
      return cut(one);
    case 'kill and cut':
      return void (await Promise.all([kill(one), cut(other)]));
    case 'silence':
      one.link.silence();
      return pause(chance.between(500, 3_000));
    case 'restart': {
      const code = await one.end('SIGTERM');
      if (code !== 0) diary.violations.push(`${one.name} ended with ${code} after SIGTERM`);
      return one.start();
    }
  }
}

/** Until every seller has heard of every end, or for as long as that may take. */
async function calm(sellers: readonly Seller[]): Promise<void> {
  const until = Date.now() + calmLimitMs;
  while (Date.now() < until && sellers.some((seller) => seller.waitsFor().length > 0)) await pause(50);
  // The balance comes after the job that changed it.
  await pause(300);
}

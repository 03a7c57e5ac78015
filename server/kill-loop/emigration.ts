import type { Book } from './book.ts';
import type { Chance } from './chance.ts';
import { createClient } from './client.ts';
import { bury, isUp } from './life.ts';
import { countOne, type Report } from './report.ts';
import type { Plan } from './schedule.ts';
import type { World } from './testing.ts';

const amount = 5;

/**
 * In a household of its own a server is killed while it makes its tables, once or twice; then one must come up on what
 * is left, take a grant and, killed again, have kept it.
 */
export async function emigrate(
  plan: Plan,
  { world, chance, book, report }: { world: World; chance: Chance; book: Book; report: Report },
): Promise<void> {
  const { site, settings, rows } = await world.settle();
  const fates = chance.happens(0.5) ? [plan.fate] : [plan.fate, { ...plan.fate!, arrival: chance.between(1, 40) }];
  for (const fate of fates) {
    const server = world.starter.start({ settings, fate });
    if (await isUp(server)) {
      countOne(report.missed, plan.point!.name);
      server.signal('SIGKILL');
    }
    await bury(server, { fate, book, report });
  }

  const server = world.starter.start({ settings, fate: null });
  if (await isUp(server)) {
    const client = createClient({ site, userId: 'newcomer', book });
    const granted = await client.asHost('/v1/host/accounts/newcomer/grants', { amount, reference: 'first' });
    if (granted?.body?.balance !== amount)
      book.accuse(`after a killed migration a grant is answered with ${granted?.status}`);
    server.signal('SIGKILL');
  }
  await bury(server, { fate: null, book, report });

  const reader = await rows();
  const damage = await reader.damage(true);
  if (damage) book.accuse(`after a killed migration the database is damaged: ${damage}`);
  const { accounts } = await reader.read();
  await reader.close();
  if (accounts[0]?.balance !== amount) book.accuse('after a killed migration a grant was lost');
}

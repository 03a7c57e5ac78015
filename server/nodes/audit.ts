import { jobStages } from '../jobs/job.ts';
import { openPostgresReadOnly } from '../store/postgres.ts';
import { createStore } from '../store/store.ts';
import type { Seller } from './seller.ts';
import type { Town } from './town-testing.ts';

/** What the books, the provider and the sellers say when everything has ended. Answers what is wrong, as sentences. */
export async function auditTown(town: Town, sellers: readonly Seller[]): Promise<string[]> {
  const faults = [...town.diary.violations];
  const database = await openPostgresReadOnly({ url: town.databaseUrl, onFault: () => {} });
  const store = createStore(database);
  try {
    for (const fault of await store.audit.ledgerFaults()) faults.push(`the ledger: ${JSON.stringify(fault)}`);
    const tasks = Map.groupBy(town.kling.tasks(), ({ externalId }) => externalId ?? '');
    const { jobs } = database.tables;
    const rows = await database.read.select().from(jobs);
    for (const seller of sellers) {
      const account = (await store.accounts.find('panel', seller.userId))!;
      const own = rows.filter(({ accountId }) => accountId === account.id);
      if (own.length !== seller.ordered())
        faults.push(`${seller.userId} has ${own.length} jobs for ${seller.ordered()} orders`);
      const paid = own
        .filter(({ status }) => status === 'completed')
        .reduce((sum, { tokensCost }) => sum + tokensCost, 0);
      const granted = account.balance + paid;
      if (granted !== 100_000) faults.push(`${seller.userId}: balance and clips are worth ${granted}`);
      if (seller.heardBalance() !== account.balance)
        faults.push(`${seller.userId} was told ${seller.heardBalance()} tokens and has ${account.balance}`);
      for (const id of seller.waitsFor()) faults.push(`${seller.userId} never heard that ${id} is completed`);
    }
    for (const { id, status, stage, externalId, errorMessage } of rows) {
      if (status !== 'completed' || stage !== jobStages.at(-1)) faults.push(`job ${id} is ${status} (${errorMessage})`);
      const made = tasks.get(externalId)?.length ?? 0;
      if (made !== 1) faults.push(`job ${id} has ${made} tasks at the provider`);
    }
    const overfull = town.kling.log.filter(({ code }) => code === 1303).length;
    if (overfull > 0) faults.push(`the provider had no slot for ${overfull} requests`);
    return faults;
  } finally {
    await database.close();
  }
}

import { createFileAudit } from './audit-files.ts';
import { createProviderAudit } from './audit-provider.ts';
import { auditRows } from './audit-rows.ts';
import type { Book } from './book.ts';
import { askDoctor } from './doctor.ts';
import type { Report } from './report.ts';
import type { RowReader } from './rows.ts';
import type { Household, World } from './testing.ts';

interface InspectionParts {
  world: World;
  home: Household;
  rows: RowReader;
  book: Book;
  report: Report;
}

/** Looks at a household from outside and accuses whatever is wrong. */
export function createInspection({ world, home, rows, book, report }: InspectionParts) {
  const provider = createProviderAudit(world.kling);
  const files = createFileAudit(home.mediaFolder);
  const accuseAll = (faults: string[]) => faults.forEach(book.accuse);

  return {
    /**
     * What a dead server has left behind. The rows are read and judged first; the files, which a new server does not
     * change, may be looked at while it starts: await the answered function's promise.
     */
    async afterDeath({ deep }: { deep: boolean }): Promise<() => Promise<void>> {
      const damage = await rows.damage(deep);
      if (damage) book.accuse(`the database is damaged: ${damage}`);
      const found = await rows.read();
      accuseAll([...auditRows(found, book), ...provider.repeatedPurchases(), ...provider.faults(found)]);
      const count = (status: string) => found.jobs.filter((job) => job.status === status).length;
      report.acknowledged = [...book.orders.values()].filter(({ answer }) => answer === 'taken').length;
      report.completed = count('completed');
      report.refunded = count('failed') + count('cancelled');
      report.tasks = world.kling.tasks().length;
      return async () => accuseAll(await files.faults(found));
    },

    async afterStart(startedAtMs: number): Promise<void> {
      accuseAll(await files.leftovers(startedAtMs));
    },

    /** When all is over: every job has ended, every file is still there, and the doctor finds nothing. */
    async atTheEnd(): Promise<void> {
      const found = await rows.read();
      for (const { id, status, stage } of found.jobs)
        if (status === 'pending' || status === 'processing')
          book.accuse(`job ${id} never ended: ${status} in ${stage}`);
      accuseAll(await files.faults(found, true));
      const opinion = await askDoctor(home.settings);
      if (opinion !== null) book.accuse(`the doctor is not content:\n${opinion}`);
      report.strayFiles = (await files.strays(found)).length;
    },
  };
}

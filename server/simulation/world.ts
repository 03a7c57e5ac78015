import { createChance } from './chance.ts';
import { startMs, type Backup, type Book } from './book.ts';
import { createClient, type Client } from './clients.ts';
import type { ClipFiles } from './clips.ts';
import { Life, runHere, type Here } from './life.ts';
import type { CreateDiskBlobs } from './disk.ts';
import { createSimulatedDownload, createSimulatedPictures } from './media.ts';
import { createNode, createSharedRuntime, createSharedStore, silentLog, type CurrentWorld } from './nodes.ts';
import { createOracle } from './oracle.ts';
import { createSimulatedProvider } from './provider.ts';
import { createSimulation, type Violation } from './simulation.ts';
import { drawSwarm } from './swarm.ts';
import { createTimeline } from './timeline.ts';
import { useNewDisk } from './virtual-files.ts';

const hourMs = 3_600_000;
const folder = '/media';
const livenessMs = 48 * hourMs;
/** Longer than any request may still travel. */
const settledMs = 5 * 60_000;
const mostEvents = 60_000;
const scanEvery = 50;

export interface SeedReport {
  seed: number;
  violation: Violation | null;
  counts: Map<string, number>;
  events: number;
  lastEvents: string[];
  traceHash: string;
}

/** Things that are dear to make and the same for every seed. */
export interface Stage {
  book: Book;
  clips: ClipFiles;
  createDiskBlobs: CreateDiskBlobs;
}

/** Runs seeds one after another on one database file. */
export function createWorlds({ book, clips, createDiskBlobs }: Stage) {
  let current: CurrentWorld | null = null;
  const store = createSharedStore(book, () => current!);
  const runtime = createSharedRuntime(() => current!);

  /** One world from its first order to the end of its liveness phase, or to the first broken promise. */
  async function run(seed: number, onEvent?: (event: string) => void): Promise<SeedReport> {
    const chance = createChance(seed);
    const timeline = createTimeline(startMs, chance);
    const swarm = drawSwarm(chance);
    const simulation = createSimulation({ seed, chance, timeline, swarm, ...(onEvent && { onEvent }) });
    book.clear();

    const badAccounts = new Set<string>();
    const isBadPicture = (accountId: string) => badAccounts.has(accountId);
    const oracle = createOracle({
      simulation,
      book,
      clips,
      provider: () => provider,
      files: () => files,
      folder,
      isBadPicture,
    });
    const provider = createSimulatedProvider(simulation, oracle, receiveCallback);
    const files = useNewDisk(simulation, oracle.removing);
    const host = createSimulatedDownload(simulation, { provider, clips });
    current = { simulation, book, committed };

    let pausedUntil = 0;
    function committed(by: Here): void {
      if (!oracle.observe(by)) return;
      pausedUntil = book.pausedUntil();
      for (const node of nodes) node.stir(node.life() === by.life);
    }

    function nextDueMs(): number {
      const open = oracle.openJobs();
      let next = Infinity;
      let held = 0;
      let hasQueued = false;
      for (const job of open) {
        if (job.stage === 'queued') {
          hasQueued = true;
          next = Math.min(next, job.deadline_at);
        } else {
          next = Math.min(next, Math.max(job.due_at, job.lease_until));
          if (job.stage !== 'saving') held++;
        }
      }
      return hasQueued && held < swarm.slots ? Math.min(next, Math.max(pausedUntil, timeline.now())) : next;
    }

    const operator = new Life({ name: 'operator', skewMs: 0, simulation, onCrash: () => {} });
    const blobs = await runHere({ life: operator, role: 'setup' }, () => createDiskBlobs(folder));
    /** What a starting process does. Here it takes no time. */
    const removeLeftovers = () => void runHere({ life: operator, role: 'setup' }, () => createDiskBlobs(folder));

    const nodes = Array.from({ length: swarm.nodes }, (_, index) =>
      createNode({
        index,
        current: current!,
        store,
        runtime,
        nextDueMs,
        onStart: removeLeftovers,
        worker: {
          store,
          runtime,
          log: silentLog,
          blobs,
          pictures: createSimulatedPictures(simulation, isBadUpload),
          download: host.download,
          probe: (path) => clips.probe(clips.pathOf(files.read(path)!.bytes)),
          accounts: [
            {
              id: 'kling',
              provider: 'kling',
              concurrency: swarm.slots,
              pictureRules: { formats: ['jpeg'], maxBytes: 9_500_000, minSide: 300, maxRatio: 2.5 },
              resultRetentionMs: 30 * 24 * 3_600_000,
              clientFor: () => provider.client,
            },
          ],
          settings: {
            pollIntervalMs: swarm.pollIntervalMs,
            ...(swarm.picturesByUrl && { pictureUrl: ({ key }) => `https://us.example/media/${key}` }),
            ...(swarm.hasCallbacks && { callbackUrl: ({ id }) => `https://us.example/hooks/${id}` }),
          },
        },
      }),
    );

    function receiveCallback(url: string): void {
      const node = chance.pick(nodes);
      if (!node.isUp()) return;
      simulation.count('callback');
      node.serve('hint', (service) => service.hint(url.split('/').at(-1)!)).catch(() => {});
    }

    function isBadUpload(path: string): boolean {
      return badAccounts.has(path.split('/').at(-3)!);
    }

    await setUp();
    for (const node of nodes) timeline.after(chance.between(0, 2_000), 'node starts', node.start);
    planFaults();
    timeline.after(swarm.safetyMs, 'liveness begins', beginLiveness);

    let events = 0;
    const endsAt = startMs + swarm.safetyMs + livenessMs;
    for (;;) {
      const entry = timeline.take();
      if (!entry) break;
      events++;
      simulation.note(entry.label);
      try {
        await entry.act();
      } catch (fault) {
        simulation.fail('fault', faultText(fault));
      }
      await turn();
      if (events % scanEvery === 0) oracle.scan();
      if (simulation.violation) break;
      if (!simulation.faultsOn && isQuiet()) break;
      if (timeline.now() > endsAt || events > mostEvents) {
        judgeLiveness(events);
        break;
      }
    }
    if (!simulation.violation) await judgeEnd();
    for (const node of nodes) node.abandon();
    return {
      seed,
      violation: simulation.violation,
      counts: simulation.counts,
      events,
      lastEvents: simulation.events(),
      traceHash: simulation.traceHash(),
    };

    /** Sellers with tokens and one picture each. Their orders are spread over the safety phase. */
    async function setUp(): Promise<void> {
      const clients: Client[] = [];
      for (let index = 0; index < swarm.sellers; index++) {
        const { accountId, uploadId } = await book.addSeller({
          name: `seller-${index}`,
          tokens: swarm.poorSellers ? chance.between(0, 4) * 10 : 1_000,
          newId: () => runHere({ life: operator, role: 'setup' }, runtime.newId),
        });
        if (chance.happens(swarm.badPicture)) badAccounts.add(accountId);
        files.place(`${folder}/${accountId}/uploads/${uploadId}.jpg`, Buffer.from('a picture'));
        clients.push(createClient({ simulation, nodes, accountId, uploadId }));
      }
      oracle.restored();
      for (let index = 0; index < swarm.orders; index++)
        timeline.after(chance.between(100, swarm.safetyMs / 2), 'client orders', () =>
          chance.pick(clients).order(`key-${index}`, chance.pick(['video-cover', 'video-cover-10s'])),
        );
      planRestore(clients);
    }

    function planRestore(clients: { forget(): void }[]): void {
      for (let index = 0; index < swarm.restores; index++) {
        let kept: Backup;
        const keptAt = chance.between(1_000, swarm.safetyMs / 2);
        timeline.after(keptAt, 'backup', () => {
          kept = book.backup();
        });
        timeline.after(keptAt + chance.between(1_000, swarm.safetyMs / 2), 'restore', () => {
          simulation.count('restore from backup');
          for (const node of nodes) node.crash();
          book.restore(kept);
          provider.databaseWentBack();
          oracle.restored();
          for (const client of clients) client.forget();
        });
      }
    }

    function planFaults(): void {
      const sometime = () => chance.between(1_000, swarm.safetyMs);
      for (let index = 0; index < swarm.powerCuts; index++)
        timeline.after(sometime(), 'power cut', () => {
          simulation.count('power cut');
          for (const node of nodes) node.crash();
          files.cutPower();
        });
      for (let index = 0; index < swarm.drains; index++)
        timeline.after(sometime(), 'SIGTERM', () => chance.pick(nodes).drain(chance.between(0, 40_000)));
      for (let index = 0; index < swarm.blockedWindows; index++) {
        const from = startMs + sometime();
        provider.block(from, from + chance.between(10_000, 300_000));
      }
      for (let index = 0; index < swarm.blockedHostWindows; index++) {
        const from = startMs + sometime();
        host.block(from, from + chance.between(10_000, 300_000));
      }
      const forge = () => {
        if (!simulation.faultsOn) return;
        const jobs = [...oracle.jobs().keys()];
        if (jobs.length > 0 && simulation.strikes('callback forged', swarm.forgedCallback))
          receiveCallback(`https://us.example/hooks/${chance.pick(jobs)}`);
        timeline.after(chance.between(5_000, 60_000), 'forger', forge);
      };
      if (swarm.forgedCallback > 0) timeline.after(1_000, 'forger', forge);
    }

    function beginLiveness(): void {
      simulation.faultsOn = false;
      provider.unstick();
      for (const node of nodes) node.start();
    }

    function isQuiet(): boolean {
      return oracle.openJobs().length === 0 && timeline.now() > startMs + swarm.safetyMs + settledMs;
    }

    function judgeLiveness(count: number): void {
      const open = oracle.openJobs();
      const states = open.map((job) => `${job.id} ${job.stage} due ${job.due_at} lease ${job.lease_until}`);
      simulation.fail('L', `after ${count} events, at ${timeline.now()}, still open: ${states.join('; ')}`);
    }

    /** All is quiet: nothing may be left over that somebody pays for. */
    async function judgeEnd(): Promise<void> {
      oracle.scan();
      const open = oracle.openJobs();
      if (open.length > 0) simulation.fail('L', `nothing will happen any more, and ${open.length} jobs are open`);
      oracle.judgeTasks();

      const later = new Life({ name: 'later', skewMs: 2 * hourMs, simulation, onCrash: () => {} });
      await runHere({ life: later, role: 'setup' }, () => createDiskBlobs(folder));
      if (files.paths().some((path) => path.includes('/.tmp/')))
        simulation.fail('L', 'a temporary file stays for ever');

      const stranded = oracle.stranded();
      for (const path of stranded) simulation.note(`stranded ${path}`);
      if (stranded.length > 0) simulation.count('stranded file');
      // Only a process that was cut short between storing a file and writing its name down may leave it behind.
      const excuses = [
        'crash',
        'power cut',
        'ordered stop',
        'restore from backup',
        'commit unknown',
        'database down',
        'stall',
      ];
      if (stranded.length > 0 && !excuses.some((fault) => simulation.counts.has(fault)))
        simulation.fail('L', `no row points to ${stranded.join(', ')}`);
    }
  }

  return {
    run,
    /** A promise of the core that nobody waits for has failed: a process would have died of it. */
    blame: (fault: unknown) => current?.simulation.fail('fault', faultText(fault)),
  };
}

function faultText(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

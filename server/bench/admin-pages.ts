// Prints how long the operator's pages take over a small and a large database: npm run bench:admin
import { openBenchOffice, type BenchOffice, type Download } from './bench-office.ts';
import type { Size } from './fill.ts';
import { timedDownloads, timedPages, timedSpans, type TimedPage } from './pages.ts';

const small = { jobs: 100, accounts: 10 };
const large = { jobs: 100_000, accounts: 10_000 };
const rounds = 15;
const downloadRounds = 3;
/** What is slower by this much and by this factor is marked. */
const slow = { ms: 30, ratio: 2 };

type Offices = [small: BenchOffice, large: BenchOffice];

const print = (line: string) => process.stdout.write(`${line}\n`);
const shown = (value: number, digits = 1): string => value.toFixed(digits).padStart(10);
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function open(days: number): Promise<Offices> {
  const sizes: [Size, Size] = [
    { ...small, days },
    { ...large, days },
  ];
  const startedAt = performance.now();
  const offices: Offices = [await openBenchOffice(sizes[0]), await openBenchOffice(sizes[1])];
  const [few, many] = offices.map(({ addedUpMs }) => Math.round(addedUpMs));
  print(
    `\n${days} days, filled in ${((performance.now() - startedAt) / 1000).toFixed(1)} s; past days added up in ${few} and ${many} ms`,
  );
  return offices;
}

async function time(office: BenchOffice, { path, isCold }: TimedPage): Promise<number> {
  if (isCold) office.forgetCounts();
  return office.timePage(path(office.filled));
}

/** Small and large by turns, so that a busy machine slows both. */
async function compare(offices: Offices, page: TimedPage): Promise<[number, number]> {
  const [inSmall, inLarge]: [number[], number[]] = [[], []];
  for (const office of offices) await time(office, page);
  for (let round = 0; round < rounds; round++) {
    inSmall.push(await time(offices[0], page));
    inLarge.push(await time(offices[1], page));
  }
  return [median(inSmall), median(inLarge)];
}

async function printPages(offices: Offices, pages: TimedPage[]): Promise<void> {
  print(`medians of ${rounds} requests over HTTP, ms`);
  print(`${'page'.padEnd(32)}${'100 jobs'.padStart(10)}${'100,000'.padStart(10)}${'ratio'.padStart(10)}`);
  let marked = 0;
  for (const page of pages) {
    const [few, many] = await compare(offices, page);
    const isSlow = many > slow.ms && many / few > slow.ratio;
    if (isSlow) marked += 1;
    print(`${page.name.padEnd(32)}${shown(few)}${shown(many)}${shown(many / few)}${isSlow ? '  slow' : ''}`);
  }
  print(`${marked} of ${pages.length} pages take more than twice the time and more than ${slow.ms} ms`);
}

async function download(office: BenchOffice, { path }: TimedPage): Promise<Download> {
  const all: Download[] = [];
  for (let round = 0; round < downloadRounds; round++) all.push(await office.timeDownload(path(office.filled)));
  const of = (part: keyof Download) => median(all.map((one) => one[part]));
  return { firstByteMs: of('firstByteMs'), wholeMs: of('wholeMs'), bytes: of('bytes') };
}

async function printDownloads(offices: Offices): Promise<void> {
  print(`\nmedians of ${downloadRounds} downloads; memory: the most that is held above the start`);
  const columns = ['first, ms', 'whole, ms', 'ms/MB', 'MB', 'memory, MB'].map((name) => name.padStart(10)).join('');
  print(`${'download'.padEnd(32)}${'jobs'.padStart(10)}${columns}`);
  for (const page of timedDownloads)
    for (const [n, office] of offices.entries()) {
      const { firstByteMs, wholeMs, bytes } = await download(office, page);
      const grownMb = await office.weighDownload(page.path(office.filled));
      const jobs = String([small, large][n]!.jobs).padStart(10);
      const megabytes = bytes / 1e6;
      const size = `${shown(wholeMs / megabytes)}${shown(megabytes, 2)}`;
      print(`${page.name.padEnd(32)}${jobs}${shown(firstByteMs)}${shown(wholeMs)}${size}${shown(grownMb)}`);
    }
}

const month = await open(30);
await printPages(month, timedPages);
await printDownloads(month);
for (const office of month) await office.close();

const quarter = await open(90);
await printPages(quarter, timedSpans);
for (const office of quarter) await office.close();

// Prints how long the operator's pages take over a small and a large database: npm run bench:admin
import { openBenchOffice, type BenchOffice } from './bench-office.ts';
import { timedPages, type TimedPage } from './pages.ts';

const small = { jobs: 100, accounts: 10 };
const large = { jobs: 100_000, accounts: 10_000 };
const rounds = 15;
/** What is slower by this much and by this factor is marked. */
const slow = { ms: 30, ratio: 2 };

const print = (line: string) => process.stdout.write(`${line}\n`);

async function time(office: BenchOffice, { path, isCold }: TimedPage): Promise<number> {
  if (isCold) office.forgetCounts();
  return office.timePage(path(office.filled));
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

/** Small and large by turns, so that a busy machine slows both. */
async function compare(offices: [BenchOffice, BenchOffice], page: TimedPage): Promise<[number, number]> {
  const [inSmall, inLarge]: [number[], number[]] = [[], []];
  for (const office of offices) await time(office, page);
  for (let round = 0; round < rounds; round++) {
    inSmall.push(await time(offices[0], page));
    inLarge.push(await time(offices[1], page));
  }
  return [median(inSmall), median(inLarge)];
}

const startedAt = performance.now();
const offices: [BenchOffice, BenchOffice] = [await openBenchOffice(small), await openBenchOffice(large)];
print(
  `filled in ${((performance.now() - startedAt) / 1000).toFixed(1)} s; medians of ${rounds} requests over HTTP, ms`,
);
print(`${'page'.padEnd(32)}${'100 jobs'.padStart(10)}${'100,000'.padStart(10)}${'ratio'.padStart(8)}`);
let marked = 0;
for (const page of timedPages) {
  const [a, b] = await compare(offices, page);
  const isSlow = b > slow.ms && b / a > slow.ratio;
  if (isSlow) marked += 1;
  const figures = `${a.toFixed(1).padStart(10)}${b.toFixed(1).padStart(10)}${(b / a).toFixed(1).padStart(8)}`;
  print(`${page.name.padEnd(32)}${figures}${isSlow ? '  slow' : ''}`);
}
print(`${marked} of ${timedPages.length} pages take more than twice the time and more than ${slow.ms} ms`);
for (const office of offices) await office.close();

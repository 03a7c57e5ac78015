// Prints what opening the widget costs a page of the demo in Chromium, at a desk and on a slowed-down phone: npm run measure
import { cpus, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { busyMs, shiftsOf, watchFeel, type Busy } from './feel-testing.ts';
import { openPage, startBrowser, startDemoProcess } from './testing.ts';

const rounds = 9;
/** For what follows `cover-ready` and the page's own requests. */
const settleMs = 500;
const settings = [
  { name: 'desk, 1280 × 900', options: { viewport: { width: 1280, height: 900 } }, slowdown: 1 },
  {
    // As Lighthouse simulates a phone (docs/throttling.md of GoogleChrome/lighthouse, read 2026-11-20).
    name: 'phone, 390 × 844, CPU 4 times slower',
    options: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    slowdown: 4,
  },
] as const;

interface Opening extends Busy {
  ready: number;
  longTasks: number;
  longestTask: number;
  shift: number;
}

const print = (line: string) => process.stdout.write(`${line}\n`);
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** One page with an empty cache, until the widget, if it is there, can be used. Nothing is asked of the page meanwhile. */
async function open(browser: Browser, url: string, { options, slowdown, isBare }: Setting): Promise<Opening> {
  const { page } = await openPage(browser, options);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await watchFeel(page);
  if (isBare) await page.route('**/widget/*.js', (route) => route.abort());
  const before = await busyMs(session);
  const said = isBare ? undefined : page.waitForEvent('console', (message) => message.text() === 'cover-ready');
  await page.goto(url);
  await said;
  await setTimeout(settleMs);
  const after = await busyMs(session);
  const shifts = await shiftsOf(page);
  const { readyAtMs, longTasksMs } = await page.evaluate(() => window.watched);
  await page.close();
  return {
    script: after.script - before.script,
    layout: after.layout - before.layout,
    task: after.task - before.task,
    ready: readyAtMs ?? 0,
    longTasks: longTasksMs.length,
    longestTask: Math.max(0, ...longTasksMs),
    shift: shifts.reduce((sum, { value }) => sum + value, 0),
  };
}

interface Setting {
  options: (typeof settings)[number]['options'];
  slowdown: number;
  /** Without the widget: what the page itself costs. */
  isBare: boolean;
}

/** Pages with and without the widget by turns, so that a busy machine slows both; the first of each is not counted. */
async function measure(browser: Browser, url: string, { name, options, slowdown }: (typeof settings)[number]) {
  const runs: { bare: Opening; whole: Opening }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const bare = await open(browser, url, { options, slowdown, isBare: true });
    const whole = await open(browser, url, { options, slowdown, isBare: false });
    if (round > 0) runs.push({ bare, whole });
  }
  const all = (which: 'bare' | 'whole', field: keyof Opening) => runs.map((run) => run[which][field]);
  const of = (which: 'bare' | 'whole', field: keyof Opening) => median(all(which, field));
  const line = (label: string, field: keyof Busy) => {
    const medians = [of('whole', field), of('bare', field)] as const;
    const least = [Math.min(...all('whole', field)), Math.min(...all('bare', field))] as const;
    const figures = [medians[0] - medians[1], ...medians, least[0] - least[1], ...least];
    print(`  ${label.padEnd(18)}${figures.map((ms) => ms.toFixed(1).padStart(9)).join('')}`);
  };
  const heads = ['widget', 'page', 'alone', 'widget', 'page', 'alone'].map((head) => head.padStart(9)).join('');
  print(`\n${name}`);
  print(`  ms${' '.repeat(23)}medians${' '.repeat(20)}at best`);
  print(`${' '.repeat(20)}${heads}`);
  line('script', 'script');
  line('style and layout', 'layout');
  line('main thread', 'task');
  print(`  ready ${of('whole', 'ready').toFixed(0)} ms after the page began, with the network of this machine`);
  print(`  long tasks ${of('whole', 'longTasks')}, the longest ${of('whole', 'longestTask').toFixed(0)} ms`);
  print(`  layout shift ${of('whole', 'shift').toFixed(4)}`);
}

const [demo, browser] = await Promise.all([startDemoProcess(), startBrowser()]);
try {
  const [{ model } = { model: 'unknown' }] = cpus();
  print(`${model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}; Chromium ${browser.version()}`);
  print(
    `medians of ${rounds} openings of /video-covers with an empty cache, until half a second after \`cover-ready\``,
  );
  for (const setting of settings) await measure(browser, `${demo.panelUrl}/video-covers`, setting);
  print(`\nload ${loadavg()[0]!.toFixed(1)} at the end`);
} finally {
  await browser.close();
  await demo.stop();
}

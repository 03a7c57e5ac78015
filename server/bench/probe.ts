/** Preloaded into a process under test: answers its parent what it uses. It changes nothing of what runs there. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Usage } from './process.ts';

const resolutionMs = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (how: object) => void;
/** Gives the emptied pages back too: an ordinary collection keeps more than all that is measured. */
const thoroughly = { type: 'major', execution: 'sync', flavor: 'last-resort' };

let longestSoFar = 0;
process.on('message', (question: 'usage' | 'collect' | 'forget stalls') => {
  longestSoFar = question === 'forget stalls' ? 0 : Math.max(longestSoFar, delay.max);
  if (question === 'collect') collectGarbage(thoroughly);
  // What was collected here on purpose is no stall of the server: after a reset the next tick only begins to count.
  if (question !== 'usage') delay.reset();
  const { user, system } = process.cpuUsage();
  const usage: Usage = {
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    // Of a timer that fires every ten milliseconds: what is over these is a stall.
    longestStallMs: Math.max(0, longestSoFar / 1e6 - resolutionMs),
  };
  process.send!(usage);
});
// Who measures is gone.
process.on('disconnect', () => process.exit(0));

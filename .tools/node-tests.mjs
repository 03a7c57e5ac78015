// `node .tools/node-tests.mjs <files at once> <file …>`: `node --test` in the given order, which its own command line
// would sort. Started by run-tests.mjs.
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const timeoutMs = 480_000;
const [filesAtOnce, ...files] = process.argv.slice(2);

const tests = run({ files, concurrency: Number(filesAtOnce), timeout: timeoutMs, forceExit: true });
tests.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1;
});
tests.compose(new spec()).pipe(process.stdout);

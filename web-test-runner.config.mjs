// Component tests: real Chromium, the real component, a small server double over real HTTP.
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { fileURLToPath } from 'node:url';
import { testChrome } from './.tools/chrome.mjs';
import { devtools } from './widget/a11y/devtools-plugin-testing.ts';
import { answerAsServer } from './widget/testing/server-double.ts';
import { answerAsStrictHost } from './widget/testing/strict-host.ts';

const tsconfig = fileURLToPath(new URL('./tsconfig.json', import.meta.url));

/** Koa gives the raw request and response away to the double. */
const doubles = async (context, next) => {
  const { req, res } = context;
  if (!/^\/(double|strict)\//.test(context.path)) return next();
  context.respond = false;
  if (!(await answerAsServer(req, res))) await answerAsStrictHost(req, res);
};

function tally(suite, counts) {
  for (const test of suite?.tests ?? []) counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
  for (const child of suite?.suites ?? []) tally(child, counts);
}

/** One plain line at the end; a file that could not be loaded counts as one failure. */
const plainSummary = () => ({
  stop({ sessions }) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const session of sessions) {
      const failedBefore = counts.failed;
      tally(session.testResults, counts);
      if (!session.passed && counts.failed === failedBefore) counts.failed += 1;
    }
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    process.stdout.write(`\nwidget: ${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  },
});

export default {
  files: 'widget/**/*.test.ts',
  nodeResolve: true,
  concurrency: 2,
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig }), devtools()],
  middleware: [doubles],
  browsers: [chromeLauncher({ launchOptions: await testChrome() })],
  testFramework: { config: { timeout: 30_000 } },
  filterBrowserLogs: ({ args }) => !String(args[0]).includes('Lit is in dev mode'),
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), plainSummary()],
};

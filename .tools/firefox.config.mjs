// The widget's tests in Firefox: `npm run test:firefox` after a build. Outside `npm test`, because Firefox comes with no
// npm package. FIREFOX_PATH names it; else the commands that Debian installs are tried.
import { existsSync } from 'node:fs';
import { chromeLauncher } from '@web/test-runner-chrome';
import base from '../web-test-runner.config.mjs';

const places = [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'];
const executablePath = places.find((place) => place && existsSync(place));
if (!executablePath) throw new Error('No Firefox found: install firefox-esr, or name one with FIREFOX_PATH.');

export default {
  ...base,
  rootDir: new URL('..', import.meta.url).pathname,
  // The rest asks Chromium's own protocol: the accessibility tree, media features.
  files: ['widget/**/*.test.ts', '!widget/a11y/**'],
  concurrency: 1,
  // The launcher is puppeteer's; only its name says Chrome.
  browsers: [chromeLauncher({ launchOptions: { browser: 'firefox', executablePath } })],
};

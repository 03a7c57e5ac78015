// `npm run screenshots`: a PNG of every state of the widget in each language, light and dark, on a desk and on a phone,
// for looking at. SCREENSHOTS names the folder, STATES (a pattern) and LOOKS (such as `ru-light-desk`) choose some.
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import base from '../../web-test-runner.config.mjs';

const folder = process.env.SCREENSHOTS ?? join(tmpdir(), 'kling-video-cover-screenshots');
mkdirSync(folder, { recursive: true });
process.stdout.write(`Screenshots go to ${folder}\n`);

const saving = {
  name: 'save-screenshot',
  executeCommand({ command, payload }) {
    if (command === 'chosen') return { states: process.env.STATES ?? '', looks: process.env.LOOKS ?? '' };
    if (command !== 'save-screenshot') return undefined;
    writeFileSync(join(folder, `${payload.name}.png`), Buffer.from(payload.data, 'base64'));
    return true;
  },
};

export default {
  ...base,
  rootDir: new URL('../..', import.meta.url).pathname,
  files: ['.tools/screenshots/shots.ts'],
  concurrency: 1,
  plugins: [...base.plugins, saving],
  testFramework: { config: { timeout: 60_000 } },
};

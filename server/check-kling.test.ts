import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startKlingSimulator } from '../demo/simulators/kling.ts';

const script = fileURLToPath(new URL('check-kling.ts', import.meta.url));

/** Runs the command in an empty folder with the given settings as its `.env` file. */
async function runCheck(t: TestContext, settings: Record<string, string>) {
  const cwd = await mkdtemp(join(tmpdir(), 'check-kling-'));
  t.after(() => rm(cwd, { recursive: true }));
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  if (lines.length > 0) await writeFile(join(cwd, '.env'), lines.join('\n'));
  const child = spawn(process.execPath, [script], { cwd, env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { output: await text(child.stdout), code: await exited };
}

test('with good settings in .env the command says ready and ends with 0', async (t) => {
  const simulator = await startKlingSimulator({ video: 'tiny' });
  t.after(() => simulator.close());
  const { accessKey, secretKey, url } = simulator;
  const settings = { KLING_ACCESS_KEY: accessKey, KLING_SECRET_KEY: secretKey, KLING_API_BASE: url };
  const { output, code } = await runCheck(t, settings);
  assert.match(output, /✓ authentication/);
  assert.match(output, /Kling is ready\. Nothing was spent\./);
  assert.equal(code, 0);
  assert.ok(!output.includes(secretKey));
  assert.deepEqual(simulator.tasks(), []);
});

test('without settings the command names the variables and ends with 1', async (t) => {
  const { output, code } = await runCheck(t, {});
  assert.match(output, /✗ credentials .*KLING_API_KEY/);
  assert.equal(code, 1);
});

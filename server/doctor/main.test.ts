import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import SQLite from 'better-sqlite3';
import { freePort } from '../../.tools/free-port.ts';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { temporaryFolder } from '../store/testing.ts';
import type { Finding } from './checks.ts';

const serverScript = fileURLToPath(new URL('../main.ts', import.meta.url));
const doctorScript = fileURLToPath(new URL('main.ts', import.meta.url));
const { NODE_OPTIONS, NODE_COMPILE_CACHE } = process.env;
/** Lets a process begin sooner, see .tools/run-tests.mjs. */
const starting = { NODE_OPTIONS, NODE_COMPILE_CACHE };
const apiKey = 'the-api-key-of-the-site-0123456789';

type Settings = Record<string, string>;

describe('npm run doctor', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'covers.db');
  const servers: ChildProcess[] = [];
  let kling: KlingSimulator;
  let settings: Settings;
  before(async () => {
    kling = await startKlingSimulator({ video: 'tiny' });
    const port = await freePort();
    settings = {
      PORT: String(port),
      DATABASE_URL: `file:${file}`,
      STORAGE_URL: `file:${join(folder.path, 'media')}`,
      SECRET: 'a secret of the test, 32 bytes or more',
      KLING_ACCESS_KEY: kling.accessKey,
      KLING_SECRET_KEY: kling.secretKey,
      KLING_API_BASE: kling.url,
      LOG_LEVEL: 'silent',
      SITE_ID: 'panel',
      SITE_ISSUER: 'https://panel.example',
      SITE_ORIGINS: 'https://panel.example',
      SITE_JWT_SECRET: 'the shared secret of the site, long enough',
      SITE_API_KEY: apiKey,
    };
  });
  after(async () => {
    for (const server of servers) server.kill('SIGKILL');
    await kling.close();
    folder.remove();
  });

  async function run(flags: string[] = [], own: Settings = settings) {
    const env = { ...starting, ...own };
    const child = spawn(process.execPath, [doctorScript, ...flags], { cwd: folder.path, env, stdio: 'pipe' });
    const exited = once(child, 'exit') as Promise<[number | null]>;
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { output, errors, code };
  }

  async function findingsOf(flags: string[] = []) {
    const { output, code } = await run(['--json', ...flags]);
    const { healthy, findings } = JSON.parse(output) as { healthy: boolean; findings: Finding[] };
    return { code, healthy, failed: findings.filter(({ state }) => state === 'failed').map(({ id }) => id) };
  }

  const call = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${settings['PORT']}${path}`, init);

  async function startServer(): Promise<ChildProcess> {
    const env = { ...starting, ...settings };
    const server = spawn(process.execPath, [serverScript], { cwd: folder.path, env, stdio: 'inherit' });
    servers.push(server);
    while (!(await call('/healthz').catch(() => null))) {
      assert.equal(server.exitCode, null, 'the server ended');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return server;
  }

  async function stopServer(server: ChildProcess): Promise<void> {
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    await gone;
  }

  /** What a stranger with a database shell does. */
  function setBalances(balance: number): void {
    const shell = new SQLite(file, { timeout: 2_000 });
    shell.prepare('update accounts set balance = ?').run(balance);
    shell.close();
  }

  const digest = () => createHash('sha256').update(readFileSync(file)).digest('hex');

  it('before the first start it says that there is no database, and makes none', async () => {
    const { output, code } = await run();
    assert.equal(code, 1);
    assert.match(output, /✗ database .*covers\.db does not exist/);
    assert.equal(existsSync(file), false);
  });

  it('beside the running server it finds all well; tampered books fail it, and the next start takes no job', async () => {
    const first = await startServer();
    const grant = { amount: 100, reference: 'first' };
    const answer = await call('/v1/host/accounts/seller/grants', {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(grant),
    });
    assert.ok(answer.ok);
    const { output, code } = await run();
    assert.equal(code, 0, output);
    assert.match(output, /✓ ledger/);
    assert.match(output, /✓ kling-authentication/);
    assert.match(output, /✓ orphans/);
    assert.match(output, /All is well\./);
    assert.ok(!output.includes(kling.secretKey));
    assert.equal((await call('/readyz')).status, 200);

    setBalances(101);
    const asked = kling.log.length;
    assert.deepEqual(await findingsOf(['--offline']), { code: 1, healthy: false, failed: ['ledger'] });
    assert.equal(kling.log.length, asked, 'offline the provider is left alone');
    await stopServer(first);

    const second = await startServer();
    const refused = await call('/readyz');
    assert.equal(refused.status, 503);
    assert.deepEqual(((await refused.json()) as { failing: string[] }).failing, ['ledger']);
    await stopServer(second);

    setBalances(100);
    const third = await startServer();
    assert.equal((await call('/readyz')).status, 200);
    await stopServer(third);
  });

  it('nothing of the database is changed, neither by looking nor when there is nothing to adopt', async () => {
    const before = digest();
    assert.equal((await findingsOf(['--offline'])).code, 0);
    assert.equal(digest(), before);
    assert.equal((await findingsOf(['--adopt'])).code, 0);
    assert.equal(digest(), before);
  });

  it('wrong settings are listed all at once, without a secret', async () => {
    const { output, code } = await run([], { ...settings, SECRET: 'too short', PORT: 'eighty' });
    assert.equal(code, 1);
    assert.match(output, /✗ settings {2}SECRET must have/);
    assert.match(output, /✗ settings {2}PORT must be/);
    assert.ok(!output.includes('too short'));
  });

  it('without keys it looks at the demo, offline', async () => {
    const { KLING_ACCESS_KEY: _access, KLING_SECRET_KEY: _secret, SECRET: _sealing, ...demo } = settings;
    const before = kling.log.length;
    const { output, code } = await run([], demo);
    assert.equal(code, 0, output);
    assert.match(output, /! settings .*this is the demo/);
    assert.equal(kling.log.length, before);
  });

  it('a flag that it does not know ends it with 2', async () => {
    const { errors, code } = await run(['--fix']);
    assert.equal(code, 2);
    assert.match(errors, /--adopt/);
  });

  it('a media folder that is gone is told and not made', async () => {
    const media = join(folder.path, 'media');
    rmSync(media, { recursive: true });
    assert.deepEqual((await findingsOf(['--offline'])).failed, ['storage']);
    assert.equal(existsSync(media), false);
  });
});

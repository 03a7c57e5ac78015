/** The container file's own words, as far as they can be tried without building the image. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startSite } from '../faults/server-process-testing.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const containerfile = read('server/operations/Containerfile');
const { dependencies, scripts } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

function found(pattern: RegExp, text = containerfile): string {
  const [, value] = pattern.exec(text) ?? [];
  assert.ok(value, `${pattern} is not in it`);
  return value;
}

test('what starts in the image answers its health check, keeps its files in /data, and ends in order at SIGTERM', async (t) => {
  const place = await startSite();
  t.after(() => place.close());
  const { PORT, ...settings } = place.settings;
  const values = found(/^ENV ((?:.*\\\n)*.*)$/m).matchAll(/(\w+)=(\S+)/g);
  const env = Object.fromEntries([...values].map(([, name, value]) => [name, value!.replace('/data', place.folder)]));
  assert.equal(env['NODE_ENV'], 'production');
  const [, ...args] = JSON.parse(found(/^CMD (.*)$/m)) as string[];
  const check = found(/^HEALTHCHECK .*CMD node -e "(.*)"$/m).replace('8787', PORT);
  const isHealthy = () => promisify(execFile)(process.execPath, ['-e', check]).then(Boolean, () => false);
  assert.equal(await isHealthy(), false);

  const server = spawn(process.execPath, args, { cwd: root, env: { ...settings, ...env, HOST: '127.0.0.1', PORT } });
  const ended = once(server, 'exit');
  t.after(() => server.kill('SIGKILL'));
  for (; !(await isHealthy()); await pause(50)) assert.equal(server.exitCode, null, 'it ended');
  for (const name of ['covers.db', 'media']) assert.ok(existsSync(join(place.folder, name)), name);
  server.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});

test('what it copies and runs is there, and secrets and sellers’ files stay outside', () => {
  assert.ok('build' in scripts!);
  assert.equal(found(/^EXPOSE (\d+)$/m), found(/ PORT: wholeNumber\((\d+)\)/, read('server/config.ts')));
  const leftOut = read('.dockerignore').split('\n');
  for (const name of ['.env*', 'data', 'node_modules', 'dist', '.git']) assert.ok(leftOut.includes(name), name);
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  assert.ok(Number(found(/^FROM node:(\d+)-slim$/m)) >= Number.parseInt(engines.node.replace('>=', ''), 10));
});

test('what runs in production needs no package that only development has', () => {
  const seen = new Set<string>();
  const packages = new Map<string, string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const target of runtimeImports(read(path)))
      if (target.startsWith('.')) visit(relative(root, join(root, dirname(path), target)));
      else packages.set(/^(?:@[^/]+\/)?[^/]+/.exec(target)![0], path);
  };
  for (const entry of ['server/main.ts', 'server/doctor/main.ts', 'server/operations/backup-main.ts']) visit(entry);
  assert.ok(seen.size > 100, String(seen.size));
  const missing = [...packages].filter(
    ([name]) => !name.startsWith('node:') && !builtinModules.includes(name) && !(name in dependencies!),
  );
  assert.deepEqual(missing, []);
});

/** Without types, and without the demo, which production does not start. */
function runtimeImports(text: string): string[] {
  const pattern =
    /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(pattern)]
    .map(([, named, dynamic]) => (named ?? dynamic)!)
    .filter((path) => !path.includes('demo/'));
}

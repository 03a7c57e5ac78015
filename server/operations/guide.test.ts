/** What the guide and the files beside it name must be there. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = import.meta.dirname;
const root = join(folder, '../..');
const read = (path: string) => readFileSync(path, 'utf8');
const guide = read(join(folder, 'guide.md'));
const sources = globSync('server/**/*.ts', { cwd: root })
  .filter((path) => !path.includes('.test.'))
  .map((path) => read(join(root, path)))
  .join('\n');

test('every file, setting, command, alarm and alert that the guide names is there', () => {
  const links = [...guide.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)].map(([, path]) => path!);
  assert.deepEqual(
    links.filter((path) => !existsSync(join(folder, path))),
    [],
  );

  const usual = /^OTEL_/;
  const settings = new Set(guide.match(/\b[A-Z]+_[A-Z_]+\b/g)!.filter((name) => !usual.test(name)));
  const files = ['covers.service', 'Containerfile', 'nginx.conf'].map((name) => read(join(folder, name))).join('\n');
  for (const name of files.match(/\b(?:[A-Z]+_URL|TRUSTED_PROXIES)\b/g)!) settings.add(name);
  assert.deepEqual(
    [...settings].filter((name) => !read(join(root, 'README.md')).includes(`\`${name}\``)),
    [],
  );

  const { scripts } = JSON.parse(read(join(root, 'package.json'))) as { scripts: Record<string, string> };
  const commands = [...guide.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
  assert.deepEqual(
    commands.filter((name) => !(name in scripts)),
    [],
  );

  const ofPostgres = /^pg_/;
  const words = guide.match(/`[a-z]+_[a-z_]+`/g)!.map((name) => name.slice(1, -1));
  const alarms = words.filter((name) => !ofPostgres.test(name));
  assert.deepEqual(
    alarms.filter((name) => !sources.includes(`'${name}'`)),
    [],
  );
  const alerts = guide.match(/\bCovers[A-Z]\w+/g)!;
  assert.deepEqual(
    alerts.filter((name) => !read(join(folder, 'alerts.yml')).includes(`alert: ${name}\n`)),
    [],
  );
});

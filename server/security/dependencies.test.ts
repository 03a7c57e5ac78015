/** What we build on: fixed, checked by hash, and not older than the last hole that reaches us. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

interface Locked {
  version: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}
const root = join(import.meta.dirname, '../..');
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
const manifest = read('package.json') as {
  dependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
};
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));
const nameOf = (path: string) => path.split('node_modules/').at(-1)!;

/** The first version without a hole that our use of the package would reach (security sheet, 2026-11-20). */
const floors: Record<string, string> = {
  hono: '4.13.18',
  '@hono/node-server': '2.1.7',
  undici: '8.12.4',
  'better-sqlite3': '12.8.0',
  'drizzle-orm': '0.45.2',
  sharp: '0.35.3',
  jose: '6.0.0',
  vite: '8.0.16',
  rollup: '4.59.0',
};
/** Abandoned with open holes, or published once by somebody else. */
const banned = ['image-size', 'axios', 'event-stream', 'node-serialize'];

function isAtLeast(version: string, floor: string): boolean {
  const [left, right] = [version, floor].map((text) => text.split('-')[0]!.split('.').map(Number));
  for (const [at, number] of right!.entries()) if (left![at] !== number) return left![at]! > number;
  return true;
}

it('every package that runs in production is named with its exact version', () => {
  for (const [name, version] of Object.entries(manifest.dependencies)) assert.match(version, /^\d+\.\d+\.\d+$/, name);
});

it('every installed package is fixed by its hash', () => {
  assert.ok(locked.length > 100);
  const loose = locked.filter(([, { integrity, link }]) => !link && !integrity?.startsWith('sha512-'));
  assert.deepEqual(
    loose.map(([path]) => path),
    [],
  );
});

it('no package is older than its last hole, and none is banned', () => {
  for (const [path, { version }] of locked) {
    const name = nameOf(path);
    assert.ok(!banned.includes(name), name);
    const floor = floors[name];
    if (floor) assert.ok(isAtLeast(version, floor), `${path} is ${version}, at least ${floor} is needed`);
  }
  for (const name of Object.keys(manifest.dependencies).filter((one) => floors[one]))
    assert.ok(
      locked.some(([path]) => path === `node_modules/${name}`),
      name,
    );
});

it('every package that wants to run a script at installation has been decided on by name', () => {
  const undecided = locked.filter(
    ([path, { hasInstallScript }]) => hasInstallScript && !(nameOf(path) in manifest.allowScripts),
  );
  assert.deepEqual(
    undecided.map(([path]) => path),
    [],
  );
});

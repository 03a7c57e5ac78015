import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');

/** A file's room, from the longest of these that its path starts with. */
const rooms = [
  'server/main.ts',
  'server/compose.ts',
  'server/compose-accounts.ts',
  'server/compose-admin.ts',
  'server/foundation.ts',
  'server/check-kling.ts',
  'server/config-storage.ts',
  'server/config.ts',
  'server/contract.ts',
  'server/errors.ts',
  'server/loop.ts',
  'server/recent.ts',
  'server/secrets.ts',
  'server/unhurried.ts',
  'server/jobs/job.ts',
  'server/jobs',
  'server/http',
  'server/admin',
  'server/providers/provider.ts',
  'server/providers',
  'server/store',
  'server/media',
  'server/scenes',
  'server/webhooks',
  'server/doctor',
  'server/operations',
  'server/telemetry',
  'server/sample-data',
  'server/simulation',
  'server/kill-loop',
  'server/nodes',
  'server/bench',
  'server/scale',
  'server/security',
  'widget/face.ts',
  'widget',
  'demo/simulators',
  'demo',
] as const;
type Room = (typeof rooms)[number];

interface Rule {
  /** Rooms whose files may be imported; a room always sees itself. */
  may: readonly Room[];
  /** Rooms whose types may be imported besides. */
  mayTypes?: readonly Room[];
  /** Packages, Node's own included; `*` is all. */
  packages: readonly string[];
  because: string;
}

const rules: Record<Room, Rule> = {
  'server/jobs/job.ts': {
    may: [],
    packages: [],
    because: 'the rules of a job depend on nothing, so they can be read and tested alone',
  },
  'server/errors.ts': { may: [], packages: [], because: 'everybody throws them' },
  'server/recent.ts': { may: [], packages: [], because: 'whoever reads what never changes may keep it' },
  'server/unhurried.ts': { may: [], packages: [], because: 'who asks what takes long keeps the answer by one rule' },
  'server/loop.ts': { may: [], packages: [], because: 'both workers go round by it, whatever they do in a round' },
  'server/contract.ts': {
    may: ['server/errors.ts', 'server/jobs/job.ts'],
    packages: ['@hono/zod-openapi'],
    because: 'the public API is described once and knows nothing of how it is kept',
  },
  'server/config-storage.ts': {
    may: [],
    mayTypes: ['server/media'],
    packages: ['zod'],
    because: 'a part of the settings',
  },
  'server/config.ts': {
    may: ['server/config-storage.ts'],
    packages: ['zod'],
    because: 'settings are read once, before anything is built',
  },
  'server/secrets.ts': { may: [], packages: ['node:crypto'], because: 'keys are derived from SECRET in one place' },
  'server/jobs': {
    may: ['server/jobs/job.ts', 'server/errors.ts', 'server/loop.ts', 'server/unhurried.ts', 'server/media'],
    mayTypes: ['server/store', 'server/providers/provider.ts'],
    packages: ['node:crypto'],
    because: 'the core decides; it knows no HTTP framework, no vendor and no SQL',
  },
  'server/store': {
    may: ['server/errors.ts', 'server/recent.ts', 'server/jobs/job.ts'],
    mayTypes: ['server/jobs'],
    packages: ['drizzle-orm', 'better-sqlite3', 'pg', 'node:path', 'node:fs', 'node:async_hooks', 'node:crypto'],
    because: 'the only home of SQL',
  },
  'server/media': {
    may: ['server/errors.ts'],
    packages: ['*'],
    because: 'bytes know nothing of jobs or tokens',
  },
  'server/scenes': {
    may: ['server/errors.ts'],
    packages: ['openai', 'zod'],
    because: 'it turns words into other words or a judgement, and knows nothing of jobs, tokens or who asks',
  },
  'server/webhooks': {
    may: ['server/errors.ts', 'server/loop.ts', 'server/media'],
    mayTypes: ['server/store', 'server/jobs', 'server/contract.ts', 'server/secrets.ts'],
    packages: ['undici', 'standardwebhooks', 'node:crypto'],
    because:
      'it tells hosts what the rows say, to addresses that others chose, and decides nothing about jobs or tokens',
  },
  'server/providers/provider.ts': { may: [], packages: [], because: 'a port depends on nobody' },
  'server/providers': {
    may: ['server/providers/provider.ts', 'server/errors.ts'],
    packages: [
      'undici',
      'zod',
      'jose',
      'standardwebhooks',
      'node:crypto',
      'node:dns',
      'node:net',
      'node:tls',
      'node:http',
      'node:stream',
      'node:url',
      'node:timers',
    ],
    because: 'a vendor adapter translates and decides nothing',
  },
  'server/http': {
    may: [
      'server/contract.ts',
      'server/errors.ts',
      'server/recent.ts',
      'server/secrets.ts',
      'server/jobs',
      'server/jobs/job.ts',
      'server/media',
      'server/providers',
    ],
    mayTypes: ['server/store', 'server/config.ts', 'server/scenes'],
    packages: ['*'],
    because: 'routes translate; the store is handed to them',
  },
  'server/admin': {
    may: [
      'server/contract.ts',
      'server/errors.ts',
      'server/secrets.ts',
      'server/webhooks',
      'server/jobs',
      'server/jobs/job.ts',
    ],
    mayTypes: ['server/store', 'server/config.ts', 'server/providers/provider.ts', 'server/doctor', 'server/http'],
    packages: ['*'],
    because: 'pages translate; the store is handed to them',
  },
  'server/doctor': {
    may: [
      'server/config.ts',
      'server/errors.ts',
      'server/secrets.ts',
      'server/jobs',
      'server/jobs/job.ts',
      'server/store',
      'server/media',
      'server/providers',
      'server/providers/provider.ts',
    ],
    packages: ['*'],
    because: 'a command of its own that looks at everything and changes nothing',
  },
  'server/operations': {
    may: ['server/config.ts', 'server/store'],
    packages: ['node:fs', 'node:fs/promises', 'node:path'],
    because: 'commands for whoever runs the server; they copy and judge nothing',
  },
  'server/telemetry': {
    may: ['server/unhurried.ts'],
    mayTypes: ['server/store', 'server/providers/provider.ts'],
    packages: [
      'prom-client',
      '@opentelemetry/api',
      '@opentelemetry/sdk-trace',
      '@opentelemetry/resources',
      '@opentelemetry/exporter-trace-otlp-http',
    ],
    because: 'it counts and times what it is handed, and decides nothing',
  },
  'server/sample-data': {
    may: ['server/jobs', 'server/store'],
    mayTypes: ['server/errors.ts', 'server/media'],
    packages: ['uuid', 'node:crypto'],
    because: 'it writes invented rows through the doors of the real ones',
  },
  'server/simulation': {
    may: [
      'server/errors.ts',
      'server/jobs',
      'server/jobs/job.ts',
      'server/store',
      'server/media',
      'server/providers/provider.ts',
    ],
    packages: ['*'],
    because: 'it runs the real core in a world of its own',
  },
  'server/kill-loop': {
    may: [
      'server/errors.ts',
      'server/store',
      'server/media',
      'server/secrets.ts',
      'server/doctor',
      'server/jobs',
      'server/jobs/job.ts',
      'demo/simulators',
    ],
    packages: ['*'],
    because: 'it watches the server from outside, as a process',
  },
  'server/nodes': {
    may: ['server/store', 'server/kill-loop', 'server/jobs/job.ts', 'demo/simulators'],
    packages: ['*'],
    because: 'it watches several servers from outside, as processes',
  },
  'server/bench': {
    may: [
      'server/admin',
      'server/store',
      'server/jobs',
      'server/media',
      'server/providers/provider.ts',
      'demo/simulators',
    ],
    mayTypes: ['server/contract.ts'],
    packages: ['*'],
    because: 'a command of its own that times the real pages and the real server over rows it makes up',
  },
  'server/scale': {
    may: [
      'server/simulation',
      'server/store',
      'server/jobs',
      'server/jobs/job.ts',
      'server/http',
      'server/media',
      'server/providers/provider.ts',
    ],
    packages: ['*'],
    because: 'it holds a model against the real core, which it runs with a clock in hand',
  },
  'server/security': { may: [], packages: ['*'], because: 'a table and its tests' },
  'server/check-kling.ts': {
    may: ['server/providers', 'server/config.ts'],
    packages: ['*'],
    because: 'a command around the check',
  },
  'server/foundation.ts': {
    may: ['server/store', 'server/media', 'server/http'],
    mayTypes: ['server/config.ts', 'server/jobs'],
    packages: ['*'],
    because: 'what a process stands on: clock, log, database, port',
  },
  'server/compose.ts': { may: [...rooms], packages: ['*'], because: 'the one place that chooses the parts' },
  'server/compose-accounts.ts': { may: [...rooms], packages: [], because: 'a part of composing' },
  'server/compose-admin.ts': { may: [...rooms], packages: ['*'], because: 'a part of composing' },
  'server/main.ts': {
    may: ['server/compose.ts', 'server/config.ts', 'server/telemetry', 'demo'],
    packages: ['*'],
    because: 'the process: settings, start, stop',
  },
  widget: {
    may: [],
    mayTypes: ['server/contract.ts', 'server/errors.ts'],
    packages: ['lit'],
    because: 'it runs in strangers’ pages: no server code may reach the bundle',
  },
  'widget/face.ts': {
    may: [],
    mayTypes: ['widget'],
    packages: [],
    because: 'it is read by the build and by the documentation, where there is no DOM',
  },
  demo: {
    may: ['server/compose.ts', 'server/config.ts', 'widget/face.ts', 'demo/simulators'],
    packages: ['*'],
    because: 'it starts the product as a stranger would',
  },
  'demo/simulators': { may: [], packages: ['*'], because: 'it must be able to disagree with the server' },
};

const importPattern =
  /^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

const isTest = (path: string) => /(\.test|\.suite|\.e2e|[/-]testing|scripted-server)\.ts$|\/testing\//.test(path);
const sources = globSync(['server/**/*.ts', 'widget/**/*.ts', 'demo/**/*.ts'], { cwd: root }).filter(
  (path) => !isTest(path),
);

function roomOf(path: string): Room {
  const room = rooms.find((name) => path === name || path.startsWith(`${name}/`));
  assert.ok(room, `${path} lies in no room: give it one in the architecture test`);
  return room;
}

interface Import {
  from: string;
  target: string;
  isType: boolean;
}

function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(importPattern)].map(([, type, named, dynamic]) => ({
    from: path,
    target: (named ?? dynamic)!,
    isType: type !== undefined,
  }));
}

function offence({ from, target, isType }: Import): string | null {
  const room = roomOf(from);
  const { may, mayTypes = [], packages, because } = rules[room];
  if (target.startsWith('.')) {
    const goal = roomOf(relative(root, join(root, dirname(from), target)));
    if (goal === room || may.includes(goal) || (isType && mayTypes.includes(goal))) return null;
  } else if (
    isType ||
    packages.includes('*') ||
    packages.some((name) => target === name || target.startsWith(`${name}/`))
  ) {
    return null;
  }
  return `${from} imports ${target}, but ${room}: ${because}`;
}

describe('the architecture', () => {
  it('every import follows the rules', () => {
    assert.deepEqual(sources.flatMap(importsOf).map(offence).filter(Boolean), []);
  });

  it('the import reader sees what it must see', () => {
    assert.ok(importsOf('server/jobs/service.ts').some(({ target }) => target === './order.ts'));
    assert.match(offence({ from: 'widget/element.ts', target: '../server/errors.ts', isType: false })!, /widget/);
    assert.match(offence({ from: 'server/jobs/service.ts', target: 'hono', isType: false })!, /core decides/);
  });

  it('no query names a method that only SQLite has', () => {
    const shared = sources.filter(
      (path) => /^server\/(store|jobs|http|admin)\//.test(path) && !/store\/(sqlite|write-queue)\.ts$/.test(path),
    );
    const offenders = shared.filter((path) =>
      /\)\s*\.(get|all|run|values)\(\)/.test(readFileSync(join(root, path), 'utf8')),
    );
    assert.deepEqual(offenders, []);
  });

  it('no template of widget or admin lets stored text become markup', () => {
    const views = sources.filter((path) => /^(widget|server\/admin)\//.test(path));
    const unsafe = /unsafeHTML|unsafeStatic|innerHTML|outerHTML|insertAdjacentHTML|document\.write/;
    assert.deepEqual(
      views.filter((path) => unsafe.test(readFileSync(join(root, path), 'utf8'))),
      [],
    );
  });
});

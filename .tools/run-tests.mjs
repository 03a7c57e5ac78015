// `node .tools/run-tests.mjs [part or pattern …] [--files-at-once=N]` runs the parts `server`, `e2e`, `widget` and
// `check`, or test files by a pattern; without a name, all parts. What waits (killed servers, clips) and what computes
// (types, format) go side by side and share the processors; the widget's pages, which time people's patience, go first
// and alone.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { testChrome } from './chrome.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'files-at-once': { type: 'string', default: String(availableParallelism() + 1) } },
});
const testFiles = {
  server: ['server/**/*.test.ts', 'demo/**/*.test.ts', '.tools/**/*.test.ts'],
  e2e: ['demo/**/*.e2e.ts'],
};
const npmParts = { widget: ['run', '--silent', 'test:widget'], check: ['run', '--silent', 'check'] };
const chosen = positionals.length > 0 ? positionals : [...Object.keys(testFiles), ...Object.keys(npmParts)];

/** Begun first, because the run would wait for them at its end; then come the rooms, then the browsers, and what is short last. */
const longest = [
  'server/kill-loop/kill-loop.test.ts',
  'server/nodes/nodes.test.ts',
  'demo/panel.e2e.ts',
  'server/simulation/simulation.test.ts',
  'demo/admin.e2e.ts',
  'server/operations/drill.test.ts',
];
const missing = longest.find((file) => !existsSync(file));
if (missing) throw new Error(`${missing} is gone: mend .tools/run-tests.mjs`);

/** What the tests of this run share, also with the user that PostgreSQL runs as. */
const runFolder = mkdtempSync(join(tmpdir(), 'kvc-run-'));
chmodSync(runFolder, 0o755);
process.on('exit', () => rmSync(runFolder, { recursive: true, force: true }));

/** Their files share a process: a second of each was the loading of the server. */
const rooms = ['server/jobs', 'server/http', 'server/admin', 'server/doctor', 'server/providers', 'demo/simulators'];
/** What stands outside of a `describe` would go round every test of the room. */
const aroundEach = /^(before|after)Each\(/m;

/** The same files, those of a room behind one file that imports them. */
function gathered(files) {
  const roomOf = (file) => {
    const isMember = rooms.includes(dirname(file)) && !longest.includes(file);
    return isMember && !aroundEach.test(readFileSync(file, 'utf8')) ? dirname(file) : null;
  };
  const byRoom = Map.groupBy(files, roomOf);
  const alone = byRoom.get(null) ?? [];
  byRoom.delete(null);
  const doors = [...byRoom].map(([room, members]) => {
    const door = join(runFolder, `${room.replace('/', '-')}.room.mjs`);
    const imports = members.map((file) => `import '${pathToFileURL(resolve(file)).href}';\n`);
    writeFileSync(door, imports.join(''));
    return door;
  });
  return [...alone, ...doors];
}

function rank(file) {
  const place = longest.indexOf(file);
  if (place >= 0) return place;
  return longest.length + [/\.room\.mjs$/, /\.e2e\.ts$/, /./].findIndex((kind) => kind.test(file));
}
const files = gathered(
  chosen.filter((name) => !(name in npmParts)).flatMap((name) => globSync(testFiles[name] ?? name).toSorted()),
).toSorted((a, b) => rank(a) - rank(b));

/** Every process, the started servers too, begins sooner: compiled code is kept, and see fast-imports.mjs. */
const hook = new URL('./fast-imports.mjs', import.meta.url).href;
const env = {
  ...process.env,
  KVC_RUN_FOLDER: runFolder,
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)),
  NODE_OPTIONS: [process.env.NODE_OPTIONS, `--import=${hook}`].filter(Boolean).join(' '),
};

const children = [];
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => children.forEach((child) => child.kill(signal)));

function runPart(name, stdio) {
  const child = spawn('npm', npmParts[name], { stdio, shell: process.platform === 'win32' });
  children.push(child);
  return child;
}

/** Says what it has to say in one piece, when it has ended. */
async function runBeside(name) {
  const child = runPart(name, ['ignore', 'pipe', 'pipe']);
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  const isWell = (await ended(child)) === 0;
  process.stdout.write(`\n${name}: ${isWell ? 'well' : 'FAILED'}\n${Buffer.concat(said)}`);
  return isWell;
}

function ended(child) {
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
}

// Once: the first browsers would each unpack their own.
if (chosen.includes('widget') || files.some((file) => file.endsWith('.e2e.ts'))) await testChrome();
const isWell = [];
if (chosen.includes('widget')) isWell.push((await ended(runPart('widget', 'inherit'))) === 0);
const checking = chosen.includes('check') ? runBeside('check') : true;
if (files.length > 0) {
  const runner = fileURLToPath(new URL('./node-tests.mjs', import.meta.url));
  const tests = spawn(process.execPath, [runner, values['files-at-once'], ...files], { stdio: 'inherit', env });
  children.push(tests);
  isWell.push((await ended(tests)) === 0);
}
isWell.push(await checking);
const isAny = files.length > 0 || chosen.some((name) => name in npmParts);
process.exitCode = isAny && isWell.every(Boolean) ? 0 : 1;

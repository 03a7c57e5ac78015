// Says how many bytes the widget costs a host page, and stops the build when it costs too much.
// Run after `vite build`: node .tools/budget.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('../dist/widget/', import.meta.url);
const script = 'kling-video-cover';
/** `file` may be the beginning of a name that ends in a hash. What a file imports statically is counted with it. */
const budgets = [
  { name: 'ES module', file: `${script}.esm.js`, maxBytes: 24_000 },
  { name: 'script tag', file: `${script}.js`, maxBytes: 28_000 },
  {
    name: 'all other modes for the ES module',
    file: `${script}.esm-modes-`,
    maxBytes: 30_000,
    after: `${script}.esm.js`,
  },
  // With a Lit of its own, and what the ES module shares with the cover: about 9.5 kB.
  { name: 'all other modes for the script tag', file: `${script}.modes.js`, maxBytes: 40_000 },
];
const kB = (bytes) => `${(bytes / 1000).toFixed(2)} kB`;
const read = (file) => readFileSync(new URL(file, folder));
const gzipBytes = (file) => gzipSync(read(file), { level: 9 }).length;

/** The file and what it cannot run without. */
function withImports(file, known = new Set()) {
  if (known.has(file)) return known;
  known.add(file);
  for (const [, name] of read(file)
    .toString()
    .matchAll(/\b(?:from|import)"\.\/([^"]+)"/g))
    withImports(name, known);
  return known;
}

function findFile(beginning, names) {
  if (!beginning.endsWith('-')) return beginning;
  const hash = /^[\w-]{8}\.js$/;
  return (
    names.find((name) => name.startsWith(beginning) && hash.test(name.slice(beginning.length))) ?? `${beginning}….js`
  );
}

const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.js')) : [];
const counted = new Set();
let isTooMuch = false;
for (const { name, file: beginning, maxBytes, after } of budgets) {
  const file = findFile(beginning, names);
  if (!names.includes(file)) {
    process.stderr.write(`${file} is not built yet: run "npm run build" first.\n`);
    process.exit(1);
  }
  const already = after ? withImports(after) : new Set();
  const files = [...withImports(file)].filter((each) => !already.has(each));
  const bytes = files.reduce((sum, each) => sum + gzipBytes(each), 0);
  files.forEach((each) => counted.add(each));
  process.stdout.write(`widget, ${name}: ${kB(bytes)} gzip of ${kB(maxBytes)}\n`);
  if (bytes <= maxBytes) continue;
  isTooMuch = true;
  process.stderr.write(
    `The budget "${name}" is exceeded by ${bytes - maxBytes} bytes (${files.join(', ')}). What is new may be shorter, may be ` +
      `loaded when it is needed, or may be worth a larger budget: then raise it in .tools/budget.mjs and say why.\n`,
  );
}
for (const file of names.filter((name) => !counted.has(name))) {
  process.stdout.write(`widget, loaded when its language is needed: ${file} ${kB(gzipBytes(file))}\n`);
}
process.exitCode = isTooMuch ? 1 : 0;

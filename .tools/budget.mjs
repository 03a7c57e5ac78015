// Says how many bytes the widget costs a host page, and stops the build when it costs too much.
// Run after `vite build`: node .tools/budget.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('../dist/widget/', import.meta.url);
const limits = [
  { file: 'kling-video-cover.esm.js', name: 'ES module', maxBytes: 24_000 },
  { file: 'kling-video-cover.js', name: 'script tag', maxBytes: 28_000 },
];
const gzipBytes = (file) => gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length;
const kB = (bytes) => `${(bytes / 1000).toFixed(2)} kB`;

let isTooMuch = false;
for (const { file, name, maxBytes } of limits) {
  if (!existsSync(new URL(file, folder))) {
    process.stderr.write(`${file} is not built yet: run "npm run build" first.\n`);
    process.exit(1);
  }
  const bytes = gzipBytes(file);
  process.stdout.write(`widget, ${name}: ${kB(bytes)} gzip of ${kB(maxBytes)}\n`);
  if (bytes <= maxBytes) continue;
  isTooMuch = true;
  process.stderr.write(
    `The ${name} build has outgrown its budget by ${bytes - maxBytes} bytes. What is new may be shorter, may be loaded ` +
      `when it is needed, or may be worth a larger budget: then raise it in .tools/budget.mjs and say why.\n`,
  );
}
for (const file of readdirSync(folder)) {
  if (file.endsWith('.js') && !limits.some((limit) => limit.file === file)) {
    process.stdout.write(`widget, loaded by the ES module when needed: ${file} ${kB(gzipBytes(file))}\n`);
  }
}
process.exitCode = isTooMuch ? 1 : 0;

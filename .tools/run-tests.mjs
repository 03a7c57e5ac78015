// `node --test` with the given arguments, where every process, the started servers too, begins sooner: compiled code is
// kept in node_modules/.cache, and see fast-imports.mjs.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const hook = new URL('./fast-imports.mjs', import.meta.url).href;
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url)),
  NODE_OPTIONS: [process.env.NODE_OPTIONS, `--import=${hook}`].filter(Boolean).join(' '),
};
const tests = spawn(process.execPath, ['--test', ...process.argv.slice(2)], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => tests.kill(signal));
tests.on('exit', (code) => process.exit(code ?? 1));

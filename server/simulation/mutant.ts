/**
 * One process with one planted bug: `node mutant.ts <name> <seeds>` changes the text of a file as it is loaded, so that
 * the code of the server knows nothing of it, and runs seeds until a promise breaks. Prints one line of JSON.
 */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mutations } from './mutations.ts';

const [name, amount] = process.argv.slice(2);
const mutation = mutations.find((candidate) => candidate.name === name);
if (!mutation) throw new Error(`there is no mutation named ${name}`);
const url = pathToFileURL(join(import.meta.dirname, '../..', mutation.file)).href;
let isPlanted = false;

registerHooks({
  load(at, context, nextLoad) {
    const loaded = nextLoad(at, context);
    if (at !== url) return loaded;
    const text = Buffer.from(loaded.source as Uint8Array).toString();
    isPlanted = text.includes(mutation.find);
    return { ...loaded, source: text.replace(mutation.find, () => mutation.replace) };
  },
});

const { openRunner } = await import('./runner.ts');
const runner = await openRunner();
if (!isPlanted) throw new Error(`${mutation.file} no longer holds the text of "${name}"`);
const { seeds, failed } = await runner.series({ from: 1, amount: Number(amount) });
await runner.close();
const violation = failed?.violation ?? null;
process.stdout.write(`${JSON.stringify({ seeds, seed: failed?.seed ?? null, violation })}\n`);
// A planted bug may leave work that never ends.
process.exit();

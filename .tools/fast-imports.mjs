// Loaded before each test process by .tools/run-tests.mjs. For every imported file Node 24 looks for the package.json
// above it, and parses all its `exports`, to learn its format; drizzle-orm has 179 kB of it and 150 files, and of our
// own files a server has 300. What they are is known: said here, a server begins in half the time.
import { registerHooks } from 'node:module';

const ours = new URL('../', import.meta.url).href;
const packages = new URL('../node_modules/', import.meta.url).href;
/** Packages whose `.js` files are ES modules, each and every one that is imported and not required. */
const withModules = /\/node_modules\/(?:drizzle-orm|hono|jose|mediabunny|uuid|zod)\//;

/** The format of a file that is imported by its relative name, or null: then Node finds out. */
function formatOf(specifier, parent) {
  if (specifier.endsWith('.ts'))
    return parent.startsWith(ours) && !parent.startsWith(packages) ? 'module-typescript' : null;
  if (specifier.endsWith('.mjs')) return parent.includes('/node_modules/') ? 'module' : null;
  return specifier.endsWith('.js') && withModules.test(parent) ? 'module' : null;
}

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    const isRelative = specifier.startsWith('.') && parentURL !== undefined && context.conditions.includes('import');
    const format = isRelative ? formatOf(specifier, parentURL) : null;
    return format ? { url: new URL(specifier, parentURL).href, format, shortCircuit: true } : next(specifier, context);
  },
});

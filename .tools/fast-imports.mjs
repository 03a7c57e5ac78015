// Loaded before each test process by .tools/run-tests.mjs. Node 24 reads the format of every `.js` file of a package from
// its package.json and parses the whole `exports` each time; drizzle-orm has 179 kB of it and 150 files, which is half of
// the second that a test takes to start. Its files are ES modules: said here, nothing is parsed.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const isWithin = context.parentURL?.includes('/node_modules/drizzle-orm/') && /^\..*\.js$/.test(specifier);
    if (!isWithin) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  },
});

import { registerHooks } from 'node:module';

const diskBlobs = new URL('../media/disk.ts', import.meta.url).href;
const virtualFiles = new URL('./virtual-files.ts', import.meta.url).href;

/**
 * The server's own disk store over the simulator's files: that one module gets other files from the loader, so its code
 * is the code that ships. Must be called before anything else loads it.
 */
export async function loadDiskBlobs() {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== 'node:fs/promises' || context.parentURL !== diskBlobs) return nextResolve(specifier, context);
      return { url: virtualFiles, shortCircuit: true };
    },
  });
  try {
    const { createDiskBlobs } = await import('../media/disk.ts');
    return createDiskBlobs;
  } finally {
    hooks.deregister();
  }
}

export type CreateDiskBlobs = Awaited<ReturnType<typeof loadDiskBlobs>>;

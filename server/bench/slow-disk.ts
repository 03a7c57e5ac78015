import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('slow-fsync.c', import.meta.url));

/** What makes a process wait two milliseconds more for each fsync; null where there is no compiler. */
export function slowDisk(): Record<string, string> | null {
  const library = join(mkdtempSync(join(tmpdir(), 'kvc-bench-fsync-')), 'slow-fsync.so');
  try {
    execFileSync('gcc', ['-shared', '-fPIC', '-o', library, source, '-ldl'], { stdio: 'ignore' });
    return { LD_PRELOAD: library };
  } catch {
    return null;
  }
}

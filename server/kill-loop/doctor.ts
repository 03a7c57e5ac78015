import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const script = join(import.meta.dirname, '../doctor/main.ts');

/** What `npm run doctor` says about a household that no server holds; null when it finds nothing wrong. */
export async function askDoctor(settings: Record<string, string>): Promise<string | null> {
  const { PATH, HOME, NODE_OPTIONS, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [script], {
    env: { PATH, HOME, NODE_OPTIONS, NODE_COMPILE_CACHE, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return code === 0 ? null : `${said}${complained}`;
}

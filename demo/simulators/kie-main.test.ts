import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('the command prints its address and key, answers there and ends on SIGTERM', async (t) => {
  const main = fileURLToPath(new URL('kie-main.ts', import.meta.url));
  const running = spawn(process.execPath, [main, '--port', '0', '--api-key', 'my-own-key', '--credits', '7', '--fast']);
  t.after(() => running.kill('SIGKILL'));
  let printed = '';
  for await (const chunk of running.stdout) {
    printed += String(chunk);
    if (printed.includes('Try it')) break;
  }
  const url = /Kie.ai simulator: (http\S+)/.exec(printed)?.[1];
  assert.ok(url && printed.includes('my-own-key'));
  const response = await fetch(`${url}/api/v1/chat/credit`, { headers: { authorization: 'Bearer my-own-key' } });
  assert.deepEqual(await response.json(), { code: 200, msg: 'success', data: 7 });
  running.kill('SIGTERM');
  assert.deepEqual(await once(running, 'exit'), [0, null]);
});

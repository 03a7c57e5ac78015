// A body to a file with one buffer of a megabyte, hashed on the way; no framework.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bufferBytes = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'kvc-bench-floor-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit(0));
let files = 0;

const server = createServer(async (request, response) => {
  if (request.method === 'GET') return void response.end('ok');
  const path = join(folder, String(files++));
  const handle = await open(path, 'wx');
  const hash = createHash('sha256');
  const pending = Buffer.allocUnsafe(bufferBytes);
  let used = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (used + chunk.length > bufferBytes) {
      await handle.writeFile(pending.subarray(0, used));
      used = 0;
    }
    used += chunk.copy(pending, used);
  }
  await handle.writeFile(pending.subarray(0, used));
  // As ours: what is answered for is on the disk.
  await handle.sync();
  await handle.close();
  const body = JSON.stringify({ sha256: hash.digest('hex') });
  response.writeHead(201, { 'content-length': body.length }).end(body);
  await rm(path);
});
server.listen(Number(process.env['PORT']), '127.0.0.1');

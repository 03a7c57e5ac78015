// A body to a file in FOLDER with one buffer of a megabyte, hashed on the way; no framework. The files stay there.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const bufferBytes = 1024 * 1024;
const folder = process.env['FOLDER']!;
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
});
server.listen(Number(process.env['PORT']), '127.0.0.1');

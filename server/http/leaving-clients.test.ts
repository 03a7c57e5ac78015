import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { startTestServer } from './testing.ts';

test('a client that leaves before the first byte leaves no open file and no line in the log', async () => {
  const server = await startTestServer();
  try {
    const { blobs, secrets } = server.parts;
    const clip = { key: 'somebody/video/clip.mp4', contentType: 'video/mp4' };
    await blobs.put(clip.key, Readable.from([Buffer.alloc(1_000_000)]), { maxBytes: 1_000_000 });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);

    // The file is opened while the client is still there, and handed over once it has gone.
    const opened = Promise.withResolvers<Readable>();
    const read = blobs.read;
    blobs.read = async (...asked) => {
      const body = await read(...asked);
      const gone = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      await gone;
      await server.call('/healthz');
      opened.resolve(body!);
      return body;
    };
    const token = secrets.mediaTokens.sign({ ...clip, expiresAtMs: Date.now() + 60_000 });
    socket.write(`GET /media/${token} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const body = await opened.promise;
    await server.call('/healthz');
    assert.equal(body.destroyed, true);
    assert.deepEqual(server.logged, []);
  } finally {
    await server.close();
  }
});

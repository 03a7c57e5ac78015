import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { makePicture, problemOf, startTestServer } from '../http/testing.ts';
import { startWorld } from '../jobs/testing.ts';
import { openSqlite } from '../store/sqlite.ts';
import { temporaryFolder } from '../store/testing.ts';
import { mountSmallDisk, onDisk } from './small-disk-testing.ts';

const probe = mountSmallDisk(1);
probe?.close();
const skip = probe ? false : 'a disk of our own cannot be mounted here: that takes root';
const body = { presetId: 'video-cover', fit: 'crop' as const };

describe('a full disk', { skip }, () => {
  const folder = temporaryFolder();
  after(folder.remove);

  it('under the database: orders are 503 and leave nothing, reads go on, and with room again so do orders', async (t) => {
    const disk = mountSmallDisk(3)!;
    t.after(() => disk.close());
    const file = join(disk.path, 'covers.db');
    const server = await startTestServer({ database: openSqlite(file), perMinute: { creates: 10_000 } });
    const token = await server.mint();
    await server.grant(10_000);
    const { id: uploadId } = await server.uploaded(token);
    const order = (key: string) => server.order(token, { key, body: { ...body, uploadId } });
    disk.fill();

    let made = 0;
    let refusedKey = '';
    for (let nth = 0; nth < 500 && !refusedKey; nth++) {
      const answers = await Promise.all([order(`a${nth}`), order(`b${nth}`)]);
      for (const [index, answer] of answers.entries()) {
        if (answer.status === 201) made++;
        else {
          assert.ok(Number(answer.headers.get('retry-after')) > 0);
          await problemOf(answer, { status: 503, code: 'unavailable' });
          refusedKey ||= `${'ab'[index]}${nth}`;
        }
      }
    }
    assert.ok(refusedKey, 'the disk never was full');

    const { store } = server.parts;
    const [account] = await store.accounts.list({ limit: 1 });
    assert.equal(account!.balance, 10_000 - made * 10);
    assert.equal((await server.call('/v1/jobs?limit=1', { token })).status, 200);
    assert.deepEqual(await store.audit.ledgerFaults(), []);

    disk.free();
    assert.equal((await order(refusedKey)).status, 201);
    assert.equal((await store.accounts.get(account!.id))!.balance, 10_000 - (made + 1) * 10);
    await server.close();
    await openSqlite(file).close();
  });

  it('under the pictures: an upload is 503 and leaves no file', async (t) => {
    const disk = mountSmallDisk(3)!;
    t.after(() => disk.close());
    const server = await onDisk(disk, () => startTestServer({ database: openSqlite(join(folder.path, 'uploads.db')) }));
    const token = await server.mint();
    disk.fill();
    const picture = await makePicture();
    await problemOf(await server.upload(picture, { token }), { status: 503, code: 'unavailable' });
    const media = join(server.folder, 'media');
    assert.deepEqual(filesIn(media), []);
    disk.free();
    assert.equal((await server.upload(picture, { token })).status, 201);
    await server.close();
  });

  it('under the clips: a finished job waits in saving without a refund, and is completed when there is room', async (t) => {
    const disk = mountSmallDisk(3)!;
    t.after(() => disk.close());
    const world = await onDisk(disk, () =>
      startWorld({
        database: openSqlite(join(folder.path, 'clips.db')),
        kling: { clipDirectory: join(folder.path, 'clips') },
      }),
    );
    const accountId = await world.seller(10);
    const { id } = await world.order(accountId);
    await world.worker.tick();
    assert.equal((await world.read(id)).stage, 'generating');
    const kept = filesIn(disk.path);
    disk.fill();
    await world.live(240, 5);
    const waiting = await world.read(id);
    assert.deepEqual([waiting.status, waiting.stage, await world.balance(accountId)], ['processing', 'saving', 0]);
    assert.ok(waiting.failures > 2, 'it was tried again and again');
    disk.free();
    assert.deepEqual(filesIn(disk.path), kept, 'no attempt left a file behind');
    await world.live(90, 5);
    assert.equal((await world.read(id)).status, 'completed');
    await world.close();
  });
});

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();

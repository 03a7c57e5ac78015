import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { jobSchema, sessionSchema, uploadSchema, type CreatedJob, type Session, type Upload } from '../contract.ts';
import { makePicture, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
before(async () => (server = await startTestServer()));
after(() => server.close());

test('a seller walks from session to upload, order, list, cancel, delete and ledger', async () => {
  await server.grant(25);
  const token = await server.mint({ name: 'Анна', locale: 'ru' });

  const session = (await (await server.call('/v1/session', { token })).json()) as Session;
  sessionSchema.parse(session);
  assert.equal(session.balance, 25);
  assert.deepEqual(session.user, { id: 'seller-1', name: 'Анна', locale: 'ru' });
  assert.equal(session.presets[0]!.title, 'Видеообложка');
  assert.equal(session.presets[0]!.model, 'Kling 2.6');
  assert.deepEqual(session.presets[0]!.limits, { minFrameWidth: 300, minFrameHeight: 400, maxPromptLength: 2500 });

  const bytes = await makePicture();
  const stored = await server.upload(bytes, { token });
  assert.equal(stored.status, 201);
  const { upload } = (await stored.json()) as { upload: Upload };
  uploadSchema.parse(upload);
  assert.equal(upload.sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.deepEqual(Buffer.from(await (await fetch(upload.url)).arrayBuffer()), bytes);

  const frame = { x: 0, y: 0, width: 600, height: 800 };
  const body = { presetId: 'video-cover', uploadId: upload.id, frame, title: 'Mug' };
  const made = await server.order(token, { key: 'walk', body });
  assert.equal(made.status, 201);
  const { job, balance } = (await made.json()) as CreatedJob;
  jobSchema.strict().parse(job);
  assert.equal(balance, 15);
  assert.equal(job.queuePosition, 1);
  assert.equal(job.source?.url, upload.url);

  const list = (await (await server.call('/v1/jobs', { token })).json()) as { items: unknown[]; nextCursor: null };
  assert.equal(list.items.length, 1);
  assert.equal(list.nextCursor, null);

  const cancelled = await server.call(`/v1/jobs/${job.id}/cancel`, { token, method: 'POST' });
  const { job: ended, balance: refunded } = (await cancelled.json()) as CreatedJob;
  assert.equal(ended.status, 'cancelled');
  assert.deepEqual(ended.receipt, { quoted: 10, debited: 10, refunded: 10, reason: 'cancelled' });
  assert.equal(refunded, 25);

  assert.equal((await server.call(`/v1/jobs/${job.id}`, { token, method: 'DELETE' })).status, 204);
  assert.equal((await server.call(`/v1/jobs/${job.id}`, { token })).status, 404);

  const first = (await (await server.call('/v1/ledger?limit=2', { token })).json()) as LedgerPage;
  const rest = (await (
    await server.call(`/v1/ledger?limit=2&cursor=${first.nextCursor}`, { token })
  ).json()) as LedgerPage;
  const kinds = [...first.items, ...rest.items].map((entry) => entry.kind);
  assert.deepEqual(kinds, ['refund', 'debit', 'grant']);
  assert.equal(rest.nextCursor, null);
});

interface LedgerPage {
  items: { kind: string }[];
  nextCursor: string | null;
}

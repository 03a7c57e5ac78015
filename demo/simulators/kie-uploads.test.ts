import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPhoto } from './kling-testing.ts';
import { simulateKie } from './kie-testing.ts';

async function photoForm(fields: Record<string, string>): Promise<FormData> {
  const form = new FormData();
  form.set('file', new File([Buffer.from(await plainPhoto(), 'base64')], 'mug.jpg', { type: 'image/jpeg' }));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

test('a stream upload answers in the live shape and is served without a key', async (t) => {
  const { call } = await simulateKie(t);
  const { httpStatus, body } = await call('/api/file-stream-upload', {
    body: await photoForm({ uploadPath: 'images/shop' }),
  });
  assert.equal(httpStatus, 200);
  assert.deepEqual(Object.keys(body), ['success', 'code', 'msg', 'data']);
  assert.deepEqual([body.success, body.code, body.msg], [true, 200, 'File uploaded successfully']);
  assert.deepEqual(Object.keys(body.data), [
    'success',
    'fileName',
    'filePath',
    'downloadUrl',
    'fileSize',
    'mimeType',
    'uploadedAt',
  ]);
  assert.match(body.data.filePath, /^kieai\/100001\/images\/shop\/\d+-[0-9a-f]+\.jpg$/);
  const response = await fetch(body.data.downloadUrl);
  assert.equal(response.headers.get('content-type'), 'image/jpeg');
  assert.equal((await response.bytes()).length, body.data.fileSize);
});

test('an upload keeps the given name and overwrites the file of that name', async (t) => {
  const { call } = await simulateKie(t);
  const upload = async (body: object) => (await call('/api/file-base64-upload', { body })).body.data;
  const place = { uploadPath: 'photos', fileName: 'mug 1.jpg' };
  const first = await upload({ base64Data: await plainPhoto(300, 300), ...place });
  const second = await upload({ base64Data: `data:image/jpeg;base64,${await plainPhoto(300, 500)}`, ...place });
  assert.equal(first.downloadUrl, second.downloadUrl);
  assert.equal((await (await fetch(first.downloadUrl)).bytes()).length, second.fileSize);
  assert.deepEqual([second.fileName, second.mimeType], ['mug 1.jpg', 'image/jpeg']);
});

test('an upload by address copies the file; one that cannot be reached is refused', async (t) => {
  const { call, photo } = await simulateKie(t);
  const upload = (fileUrl: unknown) => call('/api/file-url-upload', { body: { fileUrl, uploadPath: 'copies' } });
  const copied = (await upload(await photo())).body.data;
  assert.equal((await fetch(copied.downloadUrl)).status, 200);
  assert.equal((await upload('http://127.0.0.1:9/mug.jpg')).body.code, 400);
  const elsewhere = await simulateKie(t);
  assert.equal((await upload(await elsewhere.photo())).body.code, 400);
  assert.equal((await upload(5)).body.code, 400);
});

test('an upload leaves its folder only in vain', async (t) => {
  const { call } = await simulateKie(t);
  const body = { base64Data: await plainPhoto(), uploadPath: '../../etc/', fileName: '../passwd' };
  const { data } = (await call('/api/file-base64-upload', { body })).body;
  assert.equal(data.filePath, 'kieai/100001/etc/passwd');
  assert.equal((await fetch(data.downloadUrl)).status, 200);
});

test('the file host refuses in its own words, under real HTTP statuses', async (t) => {
  const { call } = await simulateKie(t);
  const answer = async (path: string, ask: Parameters<typeof call>[1]) => {
    const { httpStatus, body } = await call(path, ask);
    return [httpStatus, body];
  };
  const refusal = (code: number, msg: string) => [code, { success: false, code, msg }];
  const form = await photoForm({});
  assert.deepEqual(
    await answer('/api/file-stream-upload', { body: form }),
    refusal(400, 'Missing required parameter: uploadPath'),
  );
  assert.deepEqual(
    await answer('/api/file-base64-upload', { body: { base64Data: '%%%', uploadPath: 'a' } }),
    refusal(400, 'Base64 decoding failed: Invalid Base64 format'),
  );
  assert.deepEqual(
    await answer('/api/file-stream-upload', { body: { uploadPath: 'a' } }),
    refusal(400, 'Missing required parameter: file'),
  );
  assert.deepEqual(
    await answer('/api/file-stream-upload', { body: form, token: null }),
    refusal(401, 'Authentication failed: Invalid API Key'),
  );
});

test('an uploaded file is gone after three days', async (t) => {
  const { pass, photo } = await simulateKie(t);
  const url = await photo();
  pass(3 * 86_400_000 - 1);
  assert.equal((await fetch(url)).status, 200);
  pass(1);
  assert.equal((await fetch(url)).status, 404);
});

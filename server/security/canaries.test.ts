/** The real server with a recognisable value in every secret place, driven through good and bad days; then the search. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { SignJWT } from 'jose';
import { freePort } from '../../.tools/free-port.ts';
import { startKieSimulator, type KieSimulator } from '../../demo/simulators/kie.ts';
import { startKlingSimulator, type KlingSimulator } from '../../demo/simulators/kling.ts';
import { startOpenAiSimulator, type OpenAiSimulator } from '../../demo/simulators/openai.ts';
import { makePicture } from '../http/testing.ts';

const root = join(import.meta.dirname, '../..');
const canary = (name: string) => `canary-${name}-${randomBytes(16).toString('hex')}`;
const webhookKey = randomBytes(32).toString('base64');

const secrets = {
  SECRET: canary('secret'),
  ADMIN_PASSWORD: canary('admin'),
  KLING_ACCESS_KEY: canary('access'),
  KLING_SECRET_KEY: canary('kling'),
  KLING_WEBHOOK_SECRET: `whsec_${webhookKey}`,
  KIE_API_KEY: canary('kie'),
  KIE_WEBHOOK_KEY: canary('kie-webhooks'),
  OPENAI_API_KEY: canary('openai'),
  SITE_JWT_SECRET: canary('site'),
  SITE_API_KEY: canary('api'),
};
/** Tokens of this run that only their two ends may hold. */
const tokens = new Map<string, string>(Object.entries(secrets));
const answers: string[] = [];
const crlf = 'first line\r\n{"level":60,"msg":"forged"}\u001b[31m\u2028';

let kling: KlingSimulator;
let kie: KieSimulator;
let openAi: OpenAiSimulator;
let server: ChildProcess;
let folder: string;
let url: string;
let said = '';

const environment = (changes: Record<string, string>) => {
  const kept = Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS', 'NODE_COMPILE_CACHE'].map((name) => [name, process.env[name]]),
  );
  return { ...kept, NODE_ENV: 'production', LOG_LEVEL: 'trace', ...secrets, ...changes };
};

/** The simulator runs in this process, so what our server shows to Kling is seen here. */
function noteKlingToken(message: unknown): void {
  const { authorization = '' } = (message as { request: IncomingMessage }).request.headers;
  tokens.set(`for Kling ${tokens.size}`, authorization.replace('Bearer ', '') || 'none was sent');
}

before(async () => {
  subscribe('http.server.request.start', noteKlingToken);
  folder = mkdtempSync(join(tmpdir(), 'kvc-canary-'));
  const { KLING_ACCESS_KEY: accessKey, KLING_SECRET_KEY: secretKey } = secrets;
  kling = await startKlingSimulator({ accessKey, secretKey, video: 'tiny', submittedMs: 20, processingMs: 40 });
  kie = await startKieSimulator({ apiKey: secrets.KIE_API_KEY, video: 'tiny', waitingMs: 20, processingMs: 40 });
  openAi = await startOpenAiSimulator({ apiKey: secrets.OPENAI_API_KEY, answerMs: 0 });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = spawn(process.execPath, [join(root, 'server/main.ts')], {
    cwd: folder,
    env: environment({
      PORT: String(port),
      DATABASE_URL: 'file:covers.db',
      STORAGE_URL: 'file:media',
      KLING_API_BASE: kling.url,
      OPENAI_BASE_URL: openAi.baseUrl,
      KIE_API_BASE: kie.url,
      KIE_UPLOAD_BASE: kie.uploadUrl,
      RESULT_HOSTS: [kling, kie].map(({ url: address }) => new URL(address).host).join(),
      POLL_INTERVAL_MS: '100',
      SITE_ID: 'panel',
      SITE_ISSUER: 'https://panel.example',
      SITE_ORIGINS: 'https://panel.example',
    }),
  });
  for (const output of [server.stdout!, server.stderr!]) output.on('data', (text) => (said += String(text)));
  while (!said.includes('listening')) {
    assert.equal(server.exitCode, null, said);
    await pause(30);
  }
});
after(async () => {
  server.kill('SIGKILL');
  await kling.close();
  await kie.close();
  await openAi.close();
  rmSync(folder, { recursive: true, force: true });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; text: string; cookie: string }> {
  const answer = await fetch(url + path, { redirect: 'manual', ...init });
  const text = Buffer.from(await answer.arrayBuffer()).toString('latin1');
  const { 'set-cookie': _, ...headers } = Object.fromEntries(answer.headers);
  answers.push(`${path.split('/')[1]} ${JSON.stringify(headers)}\n${text}`);
  return { status: answer.status, text, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

async function mint(secret: string, claims: object = {}): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({
    iss: 'https://panel.example',
    aud: 'kling-video-cover',
    sub: 'seller',
    iat,
    exp: iat + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.from(secret));
  tokens.set(`seller token ${tokens.size}`, token);
  return token;
}

const json = { 'content-type': 'application/json' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function job(token: string, uploadId: string, prompt: string, presetId = 'video-cover'): Promise<string> {
  const headers = { ...json, ...bearer(token), 'idempotency-key': randomUUID() };
  const body = JSON.stringify({ presetId, uploadId, prompt: `${prompt} ${crlf}`, title: crlf });
  const { text } = await ask('/v1/jobs', { method: 'POST', headers, body });
  return (JSON.parse(text) as { job: { id: string } }).job.id;
}

it('a day with orders, failures, attacks and a look into the admin leaves no secret anywhere', async () => {
  const token = await mint(secrets.SITE_JWT_SECRET, { name: 'Seller' });
  const grant = JSON.stringify({ amount: 1000, reference: 'r', note: crlf.replaceAll('\u001b', '') });
  await ask('/v1/host/accounts/seller/grants', {
    method: 'POST',
    headers: { ...json, ...bearer(secrets.SITE_API_KEY) },
    body: grant,
  });
  const picture = {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'image/jpeg' },
    body: Buffer.from(await makePicture()),
  };
  const upload = JSON.parse((await ask('/v1/uploads', picture)).text) as { upload: { id: string } };
  const markers = [
    'fine',
    '[[sim:fail]]',
    '[[sim:500]]',
    '[[sim:lost-answer]]',
    '[[sim:502-html]]',
    '[[sim:private-url]]',
  ];
  const jobs = [];
  for (const marker of markers) jobs.push(await job(token, upload.upload.id, marker));
  const kieMarkers = ['fine', '[[sim:fail-later]]', '[[sim:500]]', '[[sim:lost-answer]]', '[[sim:502-html]]'];
  for (const marker of kieMarkers) jobs.push(await job(token, upload.upload.id, marker, 'image-to-image'));
  await attack(token);
  for (const marker of ['', '[[sim:401]]']) await askForScenes(token, marker);
  await visitAdmin();

  const statuses = async () => {
    const { text } = await ask('/v1/jobs?limit=50', { headers: bearer(token) });
    return (JSON.parse(text) as { items: { status: string; kind: string; video?: { url: string } }[] }).items;
  };
  const endedOf = async (kind: string) =>
    (await statuses()).filter((one) => one.kind === kind && /completed|failed/.test(one.status)).length;
  const isOver = async () => (await endedOf('image-to-video')) >= 2 && (await endedOf('image-to-image')) >= 2;
  while (!(await isOver())) await pause(100);
  const video = (await statuses()).find((one) => one.video)!.video!.url;
  tokens.set('media link', video.split('/media/')[1]!);
  assert.equal((await ask(new URL(video).pathname, { headers: { range: 'bytes=0-1' } })).status, 206);
  // The account is refused for good: what the provider adapter says then goes to the log and to the admin.
  await job(token, upload.upload.id, '[[sim:refuse-1000]]');
  await job(token, upload.upload.id, '[[sim:code-401]]', 'image-to-image');
  const isBlocked = (id: string) =>
    said.split('\n').some((line) => line.includes('provider_account_blocked') && line.includes(`"${id}"`));
  while (!isBlocked('kling') || !isBlocked('kie')) await pause(50);
  await visitAdmin();

  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  assert.ok([...tokens.keys()].some((name) => name.startsWith('for Kling')));
});

/** A service that refuses repeats the whole key, as `[[sim:401]]` does: default scenes are the answer. */
async function askForScenes(token: string, marker: string): Promise<void> {
  const headers = { ...json, ...bearer(token) };
  const body = JSON.stringify({ productName: `Lamp ${crlf}`, description: marker });
  const { status, text } = await ask('/v1/scenes', { method: 'POST', headers, body });
  assert.equal(status, 200, text);
  assert.match(text, marker ? /"source":"default"/ : /"source":"openai"/);
}

async function attack(token: string): Promise<void> {
  const forged = await mint('another secret that is long enough, too');
  const expired = await mint(secrets.SITE_JWT_SECRET, { exp: 1, iat: 0 });
  for (const bad of [forged, expired, `${token}x`]) await ask('/v1/session', { headers: bearer(bad) });
  await ask('/v1/jobs', { method: 'POST', headers: { ...json, ...bearer(token) }, body: '{' });
  await ask(`/v1/session?token=${encodeURIComponent(token)}`);
  await ask('/v1/events', { headers: bearer(token), method: 'HEAD' });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', Buffer.from(webhookKey, 'base64'))
    .update(`id.${timestamp}.{}`)
    .digest('base64');
  for (const sign of [`v1,${signature}`, 'v1,wrong']) {
    const headers = { ...json, 'webhook-id': 'id', 'webhook-timestamp': timestamp, 'webhook-signature': sign };
    await ask('/hooks/kling/x.y', { method: 'POST', headers, body: '{}' });
  }
  const kieSignature = createHmac('sha256', secrets.KIE_WEBHOOK_KEY).update(`t-1.${timestamp}`).digest('base64');
  for (const sign of [kieSignature, 'wrong']) {
    const headers = { ...json, 'x-webhook-timestamp': timestamp, 'x-webhook-signature': sign };
    await ask('/hooks/kie/x.y', { method: 'POST', headers, body: '{"data":{"taskId":"t-1"}}' });
  }
  for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/v1/ledger', '/none', '/media/x.y'])
    await ask(path, { headers: bearer(token) });
}

async function visitAdmin(): Promise<void> {
  const origin = { origin: url };
  for (const password of ['wrong', secrets.ADMIN_PASSWORD]) {
    const body = new URLSearchParams({ password });
    const { cookie } = await ask('/admin/sign-in', { method: 'POST', headers: origin, body });
    if (!cookie) continue;
    tokens.set(`session ${tokens.size}`, cookie.split('=')[1]!);
    for (const page of ['jobs', 'accounts', 'prompts/video', 'prices', 'embed'])
      assert.equal((await ask(`/admin/${page}`, { headers: { cookie } })).status, 200, page);
  }
}

/** A secret as it is, and as encoders would write it. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')];
}

function assertAbsent(place: string, text: string, names = [...tokens.keys()]): void {
  for (const name of names)
    for (const spelling of spellings(tokens.get(name)!))
      assert.ok(
        !text.includes(spelling),
        `${place} holds ${name}: …${text.slice(Math.max(0, text.indexOf(spelling) - 120), text.indexOf(spelling))}`,
      );
}

it('… not in what the process said, line for line JSON whatever was sent', () => {
  assert.ok(said.length > 1_000, 'at trace level it says something');
  assertAbsent('the log', said);
  for (const line of said.trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line.slice(0, 200));
  assert.doesNotMatch(said, /"msg":"forged"/);
});

it('… not in any byte of the database, nor in the names of stored files', () => {
  const files = globSync('**/*', { cwd: folder });
  const databases = files.filter((name) => name.startsWith('covers.db'));
  assert.ok(databases.length > 0 && files.length > databases.length + 2);
  for (const name of databases) assertAbsent(name, readFileSync(join(folder, name)).toString('latin1'));
  assertAbsent('a file name', files.join('\n'));
});

it('… not in any answer', () => {
  assert.ok(answers.length > 40);
  for (const text of answers)
    assertAbsent(
      text.slice(0, 200),
      text,
      [...tokens.keys()].filter((name) => name !== 'media link'),
    );
});

it('a database address that does not work is reported without its password', async () => {
  const password = canary('database');
  tokens.set('database password', password);
  let heard = '';
  const broken = spawn(process.execPath, [join(root, 'server/main.ts')], {
    cwd: folder,
    env: environment({ DATABASE_URL: `postgres://covers:${password}@127.0.0.1:1/covers` }),
  });
  for (const output of [broken.stdout, broken.stderr]) output.on('data', (text) => (heard += String(text)));
  const code = await new Promise((resolve) => broken.once('exit', resolve));
  assert.equal(code, 1);
  assert.ok(heard.length > 0);
  assertAbsent('the message', heard, ['database password']);
});

it('the built widget and its maps hold nothing of the server', (t) => {
  const built = join(root, 'dist/widget');
  if (!existsSync(built)) return t.skip('nothing is built');
  const maps = globSync('*.map', { cwd: built });
  assert.ok(maps.length > 0);
  for (const name of globSync('*.{js,map}', { cwd: built }))
    assertAbsent(name, readFileSync(join(built, name), 'utf8'));
  for (const name of maps) {
    const { sources, sourcesContent = [] } = JSON.parse(readFileSync(join(built, name), 'utf8')) as {
      sources: string[];
      sourcesContent?: string[];
    };
    for (const source of sources)
      assert.match(source, /^(\.\.\/)+(widget|node_modules)\/|^\0?[\w-]+:/, `${name}: ${source}`);
    assert.doesNotMatch(sourcesContent.join('\n'), /process\.env|node:crypto/, name);
  }
});

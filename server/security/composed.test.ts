/** What only the whole server, built from its settings, can get wrong. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { SignJWT } from 'jose';
import { freePort } from '../../.tools/free-port.ts';
import { compose, type System } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { makePicture } from '../http/testing.ts';

const secret = 'a secret of the composed server, long enough';
let folder: string;
before(() => void (folder = mkdtempSync(join(tmpdir(), 'kvc-composed-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Starts it on a database of its own; nobody plays Kling, so every order stays open. */
async function start(changes: Record<string, string> = {}): Promise<System & { url: string }> {
  const port = await freePort();
  const place = mkdtempSync(join(folder, 'run-'));
  const config = loadConfig({
    PORT: String(port),
    LOG_LEVEL: 'silent',
    SECRET: secret,
    ADMIN_PASSWORD: 'the right password',
    KLING_API_KEY: 'key',
    KLING_API_BASE: 'http://127.0.0.1:1',
    DATABASE_URL: `file:${join(place, 'covers.db')}`,
    STORAGE_URL: `file:${join(place, 'media')}`,
    SITE_ID: 'panel',
    SITE_ISSUER: 'https://panel.example',
    SITE_ORIGINS: 'https://panel.example',
    SITE_JWT_SECRET: secret,
    ...changes,
  });
  const system = await compose(config);
  await system.listen();
  return { ...system, url: `http://127.0.0.1:${port}` };
}

it('slow heads, slow bodies, idle connections, large heads and too many connections have limits of our own', async () => {
  const seen: Server[] = [];
  const note = (message: unknown) => void seen.push((message as { server: Server }).server);
  subscribe('http.server.request.start', note);
  const system = await start();
  try {
    await (await fetch(`${system.url}/healthz`)).text();
    const [server] = seen;
    const ofNode = createHttpServer();
    assert.equal(server!.headersTimeout, 15_000);
    assert.equal(server!.requestTimeout, 300_000);
    assert.equal(server!.keepAliveTimeout, 65_000);
    assert.equal(server!.maxConnections, 10_000);
    assert.notEqual(server!.headersTimeout, ofNode.headersTimeout);
    const large = await fetch(`${system.url}/healthz`, { headers: { x: 'x'.repeat(17_000) } });
    assert.equal(large.status, 431);
  } finally {
    unsubscribe('http.server.request.start', note);
    await system.close(1_000);
  }
});

/** The last status of eleven wrong passwords, each with its own `X-Forwarded-For`. Ten are allowed. */
async function guess(url: string, forwarded: (attempt: number) => string): Promise<number> {
  let status = 0;
  for (let attempt = 0; attempt < 11; attempt++) {
    const answer = await fetch(`${url}/admin/sign-in`, {
      method: 'POST',
      headers: { origin: url, 'x-forwarded-for': forwarded(attempt) },
      body: new URLSearchParams({ password: 'wrong' }),
    });
    await answer.text();
    status = answer.status;
  }
  return status;
}

it('guessing is limited per caller, whatever X-Forwarded-For claims, behind none, one or two proxies', async () => {
  const ours: Record<string, string> = { 0: '', 1: '203.0.113.9', 2: '203.0.113.9, 198.51.100.1' };
  for (const [trusted, chain] of Object.entries(ours)) {
    const system = await start({ TRUSTED_PROXIES: trusted });
    const spoofed = (attempt: number) => [`10.0.${attempt}.1`, '1.2.3.4', chain].filter(Boolean).join(', ');
    try {
      assert.equal(await guess(system.url, spoofed), 429, `${trusted}: a changing claim in front is not believed`);
      const another = trusted === '0' ? 429 : 422;
      const moved = () => chain.replace('203.0.113.9', '203.0.113.10') || '9.9.9.9';
      const answer = await fetch(`${system.url}/admin/sign-in`, {
        method: 'POST',
        headers: { origin: system.url, 'x-forwarded-for': moved() },
        body: new URLSearchParams({ password: 'wrong' }),
      });
      assert.equal(answer.status, another, `${trusted}: another caller is another caller, if a proxy of ours says so`);
    } finally {
      await system.close(1_000);
    }
  }
});

it('orders stop at the caps of seller and site, also when they come all at once', async () => {
  const system = await start({ SELLER_OPEN_JOBS: '3', SITE_DAILY_JOBS: '4' });
  const token = (sub: string) => {
    const iat = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: 'https://panel.example', aud: 'kling-video-cover', sub, iat, exp: iat + 600 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(secret));
  };
  async function ordersOf(sub: string): Promise<number[]> {
    await system.grant({ siteId: 'panel', userId: sub, amount: 10_000, reference: 'r' });
    const headers = { authorization: `Bearer ${await token(sub)}` };
    const picture = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'image/jpeg' },
      body: Buffer.from(await makePicture()),
    };
    const { upload } = (await (await fetch(`${system.url}/v1/uploads`, picture)).json()) as { upload: { id: string } };
    const body = JSON.stringify({ presetId: 'video-cover', uploadId: upload.id });
    const orders = Array.from({ length: 25 }, (_, at) =>
      fetch(`${system.url}/v1/jobs`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': String(at) },
        body,
      }),
    );
    return (await Promise.all(orders)).map(({ status }) => status).filter((status) => status !== 429);
  }
  try {
    assert.deepEqual(await ordersOf('one'), [201, 201, 201]);
    assert.deepEqual(await ordersOf('two'), [201]);
  } finally {
    await system.close(1_000);
  }
});

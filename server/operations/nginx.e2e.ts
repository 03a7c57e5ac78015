/** The guide's nginx.conf in Debian's nginx before two real servers, `npm run test:debian`. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SignJWT } from 'jose';
import sharp from 'sharp';
import { freePort } from '../../.tools/free-port.ts';
import { startPostgres, type TestPostgres } from '../../.tools/postgres.ts';
import type { CreatedJob, Job, Upload } from '../contract.ts';
import { startSite, type TestSite } from '../faults/server-process-testing.ts';
import { hasNginx, startNginx } from './nginx-testing.ts';

type Server = Awaited<ReturnType<TestSite['start']>>;
const password = 'a password of the test';
const heartbeatMs = 20_000;

if (!hasNginx)
  it('needs Debian’s packages: apt-get install --no-install-recommends nginx-light openssl', { skip: true });
else
  describe('two servers behind nginx', () => {
    let postgres: TestPostgres;
    let place: TestSite;
    let nginx: Awaited<ReturnType<typeof startNginx>>;
    let url: string;
    let token: string;
    let nodes: [number, number];
    const servers: Server[] = [];

    before(async () => {
      postgres = await startPostgres();
      place = await startSite();
      nodes = [Number(place.settings.PORT), await freePort()];
      const port = await freePort();
      url = `https://localhost:${port}`;
      const configuration = readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8');
      nginx = await startNginx({ port, nodes, configuration });
      setDefaultCACertificates([...getCACertificates('default'), nginx.certificate]);
      Object.assign(place.settings, {
        DATABASE_URL: await postgres.createDatabase(),
        PUBLIC_URL: url,
        TRUSTED_PROXIES: '1',
        DRAIN_SECONDS: '1',
        ADMIN_PASSWORD: password,
        SELLER_OPEN_JOBS: '0',
        SELLER_DAILY_JOBS: '0',
      });
      token = await new SignJWT({ sub: 'seller' })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(place.settings.SITE_ISSUER)
        .setAudience('kling-video-cover')
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(new TextEncoder().encode(place.settings.SITE_JWT_SECRET));
      for (const index of [0, 1] as const) servers[index] = await startNode(index);
      const amount = { amount: 100_000, reference: 'all' };
      assert.equal(
        (await post('/v1/host/accounts/seller/grants', amount, {}, place.settings.SITE_API_KEY)).status,
        201,
      );
    });
    after(async () => {
      for (const server of servers) await server.signal('SIGKILL');
      await nginx.stop();
      await place.close();
      await postgres.stop();
    });

    /** One of the two, once it answers. */
    async function startNode(index: 0 | 1): Promise<Server> {
      const own = `http://127.0.0.1:${nodes[index]}`;
      const server = await place.start({ PORT: new URL(own).port });
      while (!(await fetch(`${own}/readyz`).catch(() => null))?.ok) await pause(50);
      return server;
    }
    const call = (path: string, init: RequestInit = {}, bearer = token) =>
      fetch(url + path, { ...init, headers: { authorization: `Bearer ${bearer}`, ...init.headers } });
    const post = (path: string, json: object, headers: Record<string, string> = {}, bearer = token) =>
      call(
        path,
        { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json', ...headers } },
        bearer,
      );
    const upload = (body: Uint8Array<ArrayBuffer>) =>
      call('/v1/uploads', { method: 'POST', body, headers: { 'content-type': 'image/jpeg' } });
    const order = (uploadId: string, key: string) =>
      post('/v1/jobs', { presetId: 'video-cover', uploadId }, { 'idempotency-key': key });

    let uploadId: string;
    it('takes a photo of 10 MB, and lets the server say that one is too large', async () => {
      const photo = await noise();
      assert.ok(photo.byteLength > 10e6, String(photo.byteLength));
      const answer = await upload(photo);
      assert.equal(answer.status, 201);
      uploadId = ((await answer.json()) as { upload: Upload }).upload.id;

      const refused = await upload(new Uint8Array(50_000_001));
      assert.deepEqual([refused.status, refused.headers.get('content-type')], [413, 'application/problem+json']);
    });

    it('gives a clip, and any range of it', async () => {
      const { job } = (await (await order(uploadId, 'clip')).json()) as CreatedJob;
      const { video } = await completed(job.id);
      const whole = new Uint8Array(await (await fetch(video!.url)).arrayBuffer());
      assert.equal(whole.byteLength, video!.bytes);
      const part = await fetch(video!.url, { headers: { range: 'bytes=10-29' } });
      assert.equal(part.status, 206);
      assert.equal(part.headers.get('content-range'), `bytes 10-29/${whole.byteLength}`);
      assert.deepEqual(new Uint8Array(await part.arrayBuffer()), whole.slice(10, 30));
    });

    async function completed(id: string): Promise<Job> {
      for (;;) {
        const { job } = (await (await call(`/v1/jobs/${id}`)).json()) as { job: Job };
        if (job.status === 'completed') return job;
        await pause(50);
      }
    }

    it('passes events on over HTTP/2 as they come, and the heartbeats between them', async () => {
      const session = connectHttp2(url);
      const stream = session.request({ ':path': '/v1/events', authorization: `Bearer ${token}` });
      let heard = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
      const hears = async (words: string, withinMs: number) => {
        for (const end = Date.now() + withinMs; !heard.includes(words); await pause(20))
          assert.ok(Date.now() < end, `${words} did not come within ${withinMs} ms: ${heard}`);
      };
      await hears('event: balance', 5_000);
      const { job } = (await (await order(uploadId, 'heard')).json()) as CreatedJob;
      await hears(`"id":"${job.id}"`, 5_000);
      await hears(': still here', heartbeatMs + 5_000);
      session.destroy();
    });

    it('tells the address of the client, whatever the client says, and that all is https', async () => {
      const form = new URLSearchParams({ password: 'wrong' });
      const headers = {
        origin: url,
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': '203.0.113.7',
      };
      const asked = request(`${url}/admin/sign-in`, { method: 'POST', headers, localAddress: '127.0.0.3' });
      asked.end(form.toString());
      const [answer] = await once(asked, 'response');
      answer.resume();
      assert.equal(answer.statusCode, 422);
      assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
      let said = '';
      for (const end = Date.now() + 5_000; !said.includes('wrong admin password') && Date.now() < end; await pause(20))
        said = servers.map((server) => server.said()).join('');
      assert.match(said, /"address":"127\.0\.0\.3".*wrong admin password/);
      assert.doesNotMatch(said, /203\.0\.113\.7/);
    });

    it('keeps the metrics for the own network', async () => {
      assert.equal((await call('/metrics')).status, 403);
    });

    /** How nginx came to have no server left to ask, and what the servers complained of. */
    function givenUp(): string {
      const lines = nginx.said().split('\n');
      const asked = lines.flatMap((line, at) =>
        line.includes('no live upstreams') ? lines.slice(Math.max(0, at - 4), at + 1) : [],
      );
      const complaints = servers.flatMap((server) => server.said().match(/^\{"level":[456]0.*$/gm) ?? []);
      return [...asked, ...complaints.slice(-10)].join('\n');
    }

    it('loses no request while one server after the other is restarted, and when one is killed', async () => {
      let isOver = false;
      const answers: Record<string, number[]> = { read: [], order: [], upload: [] };
      const small = new Uint8Array(
        await sharp({ create: { width: 900, height: 1200, channels: 3, background: 'red' } })
          .jpeg()
          .toBuffer(),
      );
      const ask = async (name: string, send: (index: number) => Promise<Response>, pauseMs: number) => {
        for (let index = 0; !isOver; index++) {
          const answer = await send(index);
          await answer.arrayBuffer();
          answers[name]!.push(answer.status);
          await pause(pauseMs);
        }
      };
      const all = Promise.all([
        ask('read', () => call('/v1/session'), 5),
        ask('order', (index) => order(uploadId, `restart ${index}`), 150),
        ask('upload', () => upload(small), 600),
      ]);
      for (const index of [0, 1] as const) {
        const { code, said } = await servers[index]!.signal('SIGTERM');
        assert.equal(code, 0, said);
        servers[index] = await startNode(index);
      }
      await servers[0]!.signal('SIGKILL');
      await pause(500);
      servers[0] = await startNode(0);
      isOver = true;
      await all;
      const odd = Object.values(answers)
        .flat()
        .filter((status) => status >= 300);
      assert.equal(odd.length, 0, `${odd.slice(0, 20)} ${givenUp()}`);
      for (const [name, { length }] of Object.entries(answers)) assert.ok(length > 5, `${length} of ${name}`);
    });

    it('passes on what the servers say while the database is away, and goes on when it is back', async () => {
      await postgres.kill();
      for (let times = 0; times < 6; times++) {
        const answer = await call('/v1/session');
        assert.deepEqual([answer.status, answer.headers.get('content-type')], [503, 'application/problem+json']);
      }
      await postgres.restart();
      assert.equal((await call('/v1/session')).status, 200);
    });
  });

/** A JPEG of more than 10 MB. */
async function noise(): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = [2300, 3000];
  const raw = { width, height, channels: 3 } as const;
  const picture = sharp(randomBytes(width * height * 3), { raw }).jpeg({ quality: 90, chromaSubsampling: '4:4:4' });
  return new Uint8Array(await picture.toBuffer());
}

/** The whole server with keys of Kie.ai alone: one account from the settings, one from a row. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { SignJWT } from 'jose';
import { freePort } from '../.tools/free-port.ts';
import { startKieSimulator } from '../demo/simulators/kie.ts';
import { compose } from './compose.ts';
import { loadConfig } from './config.ts';
import { createSeal } from './secrets.ts';
import { openSqlite } from './store/sqlite.ts';
import { createStore } from './store/store.ts';

const secret = 'a secret of the composed server, long enough';

it(
  'a refused account is passed over, the next one makes the picture, and the seller gets it',
  { timeout: 60_000 },
  async (t) => {
    const kie = await startKieSimulator({ video: 'tiny', waitingMs: 50, processingMs: 50 });
    t.after(() => kie.close());
    const folder = mkdtempSync(join(tmpdir(), 'kvc-kie-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'covers.db');
    const store = createStore(openSqlite(file));
    await store.transaction((tx) =>
      store.providerCredentials.add(tx, {
        id: 'kie-2',
        provider: 'kie',
        label: 'Second',
        baseUrl: kie.url,
        concurrency: 2,
        position: 1,
        enabled: true,
        sealedCredentials: createSeal(secret).seal(JSON.stringify({ apiKey: kie.apiKey })),
        createdAt: 1,
        updatedAt: 1,
      }),
    );
    await store.close();

    const port = await freePort();
    const config = loadConfig({
      PORT: String(port),
      LOG_LEVEL: 'silent',
      SECRET: secret,
      KIE_API_KEY: 'a-key-that-was-revoked',
      KIE_API_BASE: kie.url,
      KIE_UPLOAD_BASE: kie.uploadUrl,
      RESULT_HOSTS: new URL(kie.url).host,
      POLL_INTERVAL_MS: '100',
      DATABASE_URL: `file:${file}`,
      STORAGE_URL: `file:${join(folder, 'media')}`,
      SITE_ID: 'panel',
      SITE_ISSUER: 'https://panel.example',
      SITE_ORIGINS: 'https://panel.example',
      SITE_JWT_SECRET: secret,
    });
    const system = await compose(config);
    t.after(() => system.close(1_000));
    await system.listen();
    await system.grant({ siteId: 'panel', userId: 'seller', amount: 5, reference: 'r' });

    const token = await new SignJWT({ iss: 'https://panel.example', aud: 'kling-video-cover', sub: 'seller' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(Buffer.from(secret));
    const authorization = `Bearer ${token}`;
    const url = `http://127.0.0.1:${port}`;
    const session = (await (await fetch(`${url}/v1/session`, { headers: { authorization } })).json()) as {
      presets: { id: string }[];
    };
    const offered = session.presets.map(({ id }) => id);
    assert.ok(offered.includes('text-to-image') && !offered.includes('video-cover'), offered.join());

    const ordered = await fetch(`${url}/v1/jobs`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'one' },
      body: JSON.stringify({ presetId: 'text-to-image', prompt: 'a lamp' }),
    });
    const { job } = (await ordered.json()) as { job: { id: string } };
    const read = async () =>
      (await (await fetch(`${url}/v1/jobs/${job.id}`, { headers: { authorization } })).json()) as {
        job: { status: string; image?: { url: string } };
      };
    let seen = await read();
    while (['pending', 'processing'].includes(seen.job.status)) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen = await read();
    }
    assert.equal(seen.job.status, 'completed');
    const picture = await fetch(seen.job.image!.url);
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.equal(kie.tasks().length, 1);
  },
);

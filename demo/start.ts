import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compose, type System } from '../server/compose.ts';
import { loadConfig } from '../server/config.ts';
import { startHost } from './host.ts';
import { filmPhotos } from './month.ts';
import { startKieSimulator } from './simulators/kie.ts';
import { startKlingSimulator } from './simulators/kling.ts';
import { startOpenAiSimulator } from './simulators/openai.ts';

type Environment = Record<string, string | undefined>;

const seller = { id: 'seller-1', name: 'Анна Смирнова' };
const welcomeTokens = 100;
const site = { id: 'demo-panel', audience: 'kling-video-cover' };

/**
 * The whole product on one machine without any keys: simulators of Kling, Kie.ai and OpenAI, the covers server, and a
 * seller panel on another origin that plays the host. Prints every address. `PORT` is the server's; the panel, Kling,
 * Kie.ai and OpenAI take the four after it, unless `DEMO_PANEL_PORT`, `DEMO_KLING_PORT`, `DEMO_KIE_PORT` and
 * `DEMO_OPENAI_PORT` say otherwise. `DEMO_MORE_ORIGINS` names further pages that may embed the widget, between commas.
 * `DEMO_TASK_MS` is how long a task takes, and `DEMO_RESULTS=tiny` saves the filming: small plain results.
 */
export async function startDemo(env: Environment): Promise<System> {
  const port = Number(env['PORT'] ?? 8787);
  const panelPort = Number(env['DEMO_PANEL_PORT'] ?? port + 1);
  const panelUrl = `http://127.0.0.1:${panelPort}`;
  const secret = env['SECRET'] ?? keptSecret(env['DEMO_SECRET_FILE'] ?? 'data/demo-secret');
  const part = (purpose: string) => createHash('sha256').update(`${secret}/${purpose}`).digest('hex');

  const processingMs = Number(env['DEMO_TASK_MS'] ?? 8000);
  const waitingMs = Math.min(2000, processingMs);
  const video = env['DEMO_RESULTS'] === 'tiny' ? 'tiny' : 'real';
  const klingPort = Number(env['DEMO_KLING_PORT'] ?? port + 2);
  const kling = await startKlingSimulator({ port: klingPort, submittedMs: waitingMs, processingMs, video });
  const kie = await startKieSimulator({
    port: Number(env['DEMO_KIE_PORT'] ?? port + 3),
    waitingMs,
    processingMs,
    video,
    webhookKey: part('kie-webhooks'),
  });
  const openAi = await startOpenAiSimulator({ port: Number(env['DEMO_OPENAI_PORT'] ?? port + 4) });
  const config = loadConfig({
    POLL_INTERVAL_MS: '2000',
    LOG_LEVEL: 'warn',
    ADMIN_PASSWORD: `demo-${part('admin').slice(0, 10)}`,
    ...env,
    SECRET: secret,
    KLING_API_KEY: kling.apiKey,
    KLING_API_BASE: kling.url,
    KIE_API_KEY: kie.apiKey,
    KIE_API_BASE: kie.url,
    KIE_UPLOAD_BASE: kie.uploadUrl,
    KIE_WEBHOOK_KEY: kie.webhookKey ?? undefined,
    OPENAI_API_KEY: openAi.apiKey,
    OPENAI_BASE_URL: openAi.baseUrl,
    RESULT_HOSTS: [kling, kie].map(({ url }) => new URL(url).host).join(','),
    SITE_ID: site.id,
    SITE_ISSUER: panelUrl,
    SITE_AUDIENCE: site.audience,
    SITE_JWT_SECRET: part('site'),
    SITE_API_KEY: part('api-key'),
    SITE_ORIGINS: [panelUrl, `http://localhost:${panelPort}`, env['DEMO_MORE_ORIGINS']].filter(Boolean).join(','),
    WEBHOOK_HOSTS: new URL(panelUrl).host,
  });
  const system = await compose(config);
  await system.listen();
  const webhookSecret = `whsec_${Buffer.from(part('webhooks'), 'hex').toString('base64')}`;
  const panel = await startHost({
    webhookSecret,
    port: panelPort,
    coversUrl: config.publicUrl,
    siteId: site.id,
    issuer: panelUrl,
    audience: site.audience,
    jwtSecret: part('site'),
    apiKey: part('api-key'),
    sellerId: seller.id,
    sellerName: seller.name,
  });
  await system.registerWebhook({
    siteId: site.id,
    url: `${panelUrl}/api/webhooks/covers`,
    secret: webhookSecret,
    events: ['job.completed', 'job.failed', 'balance.changed'],
  });
  await system.grant({ siteId: site.id, userId: seller.id, amount: welcomeTokens, reference: 'demo-welcome' });

  const viewer = { login: 'olga', password: `look-${part('viewer').slice(0, 10)}` };
  const wantsMonth = env['DEMO_MONTH'] === '1';
  if (wantsMonth) await system.addSampleMonth({ siteId: site.id, footage: filmPhotos, viewer });

  const say = (line: string) => process.stdout.write(`${line}\n`);
  const address = (name: string, url: string) => say(`  ${name.padEnd(16)} ${url}`);
  say('Demo: nothing here costs money. The video and picture services are simulators.');
  address('Seller panel', `${panel.url}/video-covers`);
  address('Admin', `${config.publicUrl}/admin   password: ${config.adminPassword}`);
  if (wantsMonth)
    address('May only look', `${config.publicUrl}/admin   login: ${viewer.login}   password: ${viewer.password}`);
  else say('  A month of sample data in the admin: DEMO_MONTH=1 npm start');
  address('API', `${config.publicUrl}/docs`);
  address('Kling simulator', `${kling.url}   (how to make these fail: demo/simulators/README.md)`);
  address('Kie.ai simulator', kie.url);
  address('OpenAI simulator', `${openAi.baseUrl}   (scene ideas and moderation)`);
  say('Stop with Ctrl+C. With KLING_API_KEY set, `npm start` is the real server.');

  return {
    ...system,
    async close(graceMs) {
      await panel.close();
      await system.close(graceMs);
      await kling.close();
      await kie.close();
      await openAi.close();
    },
  };
}

/** The same secret at the next start, so that stored links and the site's key stay good. */
function keptSecret(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}

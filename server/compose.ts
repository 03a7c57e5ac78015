import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createPasswords } from './admin/passwords.ts';
import { composeAccounts } from './compose-accounts.ts';
import { composeAdmin } from './compose-admin.ts';
import type { Config, SiteConfig } from './config.ts';
import { createLog, listen, openDatabase, refuseLostBooks, systemRuntime, type Door } from './foundation.ts';
import { createHttpApp } from './http/app.ts';
import type { HttpSettings } from './http/env.ts';
import { createMediaLinks } from './http/media-links.ts';
import { createPresenter } from './http/present.ts';
import { createProbes } from './http/probes.ts';
import { createCaps } from './jobs/caps.ts';
import { createDayTotals } from './jobs/day-totals.ts';
import { createLedgerWatch } from './jobs/ledger-watch.ts';
import { createModerate } from './jobs/moderate.ts';
import { createJobService } from './jobs/service.ts';
import { shipPresets } from './jobs/shipped-presets.ts';
import { createTimeline } from './jobs/timeline.ts';
import { createTidy } from './jobs/tidy.ts';
import { createWorker } from './jobs/worker.ts';
import { createDownloader } from './media/download.ts';
import { createMediaTokens } from './media/media-token.ts';
import { openBlobs } from './media/open.ts';
import { createPictures } from './media/picture.ts';
import { klingPictureRules } from './providers/kling.ts';
import { addSampleMonth, type SampleFootage } from './sample-data/sample-month.ts';
import { createModeration } from './scenes/moderation.ts';
import { createScenes } from './scenes/scenes.ts';
import { createCallbackTokens, createSeal, hashApiKey, type Seal } from './secrets.ts';
import type { HostEvent } from './store/schema.ts';
import { createStore, type Store } from './store/store.ts';
import { addGauges } from './telemetry/gauges.ts';
import { createJobEnds } from './telemetry/job-ends.ts';
import { createWatch } from './telemetry/watched-account.ts';
import { createWebhooks } from './webhooks/webhooks.ts';

const maxPixels = 50_000_000;
const maxUploadBytes = 50_000_000;
const maxClipBytes = 300_000_000;
const downloadTimeoutMs = 180_000;
/** Long enough for a queue at Kling; the link names one picture and nothing else. */
const pictureLinkMs = 24 * 3_600_000;
/** Of an answer that is under way when the server stops. */
const lastAnswersMs = 10_000;
/** A probe that waits longer tells a proxy too late. */
const probePatienceMs = 2_000;
const widgetFolder = join(import.meta.dirname, '../dist/widget');

export interface System {
  /** Starts the worker and answers once the server listens. Rejects with a plain sentence when the port is taken. */
  listen(): Promise<void>;
  /** Tokens for a seller from outside the API: once per reference. */
  grant(gift: { siteId: string; userId: string; amount: number; reference: string }): Promise<void>;
  /**
   * Tells the site's own server what happens: once per address, which is brought to these settings. Throws
   * `invalid_request` for an address that may not be sent to or a secret that is none.
   */
  registerWebhook(endpoint: { siteId: string; url: string; secret: string; events: HostEvent[] }): Promise<void>;
  /**
   * Fills an empty database with a month of invented sellers and jobs for trying out the admin, with a second operator who
   * may only look. False, and nothing done, when there is any job.
   */
  addSampleMonth(month: {
    siteId: string;
    footage(): Promise<SampleFootage[]>;
    viewer: { login: string; password: string };
  }): Promise<boolean>;
  /**
   * Ordered stop: not ready any more and no new steps; with `drains` everything is still answered for `DRAIN_SECONDS`, so
   * that proxies turn to other nodes; then streams end, answers under way are finished, steps in hand finished within
   * `graceMs` or cut so that they resume at the next start, and the database is closed.
   */
  close(graceMs: number, how?: { drains?: boolean }): Promise<void>;
}

/** Builds the whole server from its settings: here and in the two files beside it every part is chosen. */
export async function compose(config: Config): Promise<System> {
  const log = createLog(config.logLevel);
  const runtime = systemRuntime();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const watched = createWatch(registry);
  const database = await openDatabase(config, log);
  const store = createStore(database, { newMessageId: runtime.newId, timeline: createTimeline(runtime) });
  const blobs = await openBlobs(config.storage);
  await refuseLostBooks(store, blobs, config);
  await shipPresets(store, runtime.now());
  const seal = createSeal(config.secret);
  if (config.site) await putSite(store, { site: config.site, seal, now: runtime.now() });

  const pictures = createPictures({ maxPixels });
  const mediaTokens = createMediaTokens(config.secret);
  const callbackTokens = createCallbackTokens(config.secret);
  const { fixed, accounts, canMake, coverSlots } = composeAccounts({ config, store, runtime, log, seal, watched });
  const { minSide, maxRatio } = klingPictureRules;
  const ledgerWatch = createLedgerWatch({ store, log });
  await ledgerWatch.start();
  const jobs = createJobService({
    store,
    runtime,
    settings: { deadlineMs: config.jobDeadlineMs, minSide },
    slots: coverSlots,
    canMake,
    moderate: createModerate({ store, runtime, ...createModeration({ openAi: config.openAi, log, ...runtime }) }),
    caps: createCaps({ store, settings: config.caps }),
    ledgerWatch,
  });

  // Kling can only reach us by https; otherwise pictures travel in the request and status is asked for.
  const isReachable = config.publicUrl.startsWith('https:');
  const download = createDownloader({
    allowedHosts: config.resultHosts,
    maxBytes: maxClipBytes,
    timeoutMs: downloadTimeoutMs,
  });
  const worker = createWorker({
    store,
    runtime,
    log,
    blobs,
    pictures,
    accounts,
    download,
    keepResults: config.storeResults,
    ended: createJobEnds(registry, runtime.now),
    settings: {
      pollIntervalMs: config.pollIntervalMs,
      ...(isReachable && {
        pictureUrl: ({ key, contentType }) => {
          const expiresAtMs = runtime.now() + pictureLinkMs;
          return `${config.publicUrl}/media/${mediaTokens.sign({ key, contentType, expiresAtMs })}`;
        },
        callbackUrl: ({ id, provider }) => `${config.publicUrl}/hooks/${provider}/${callbackTokens.sign(id)}`,
      }),
    },
  });

  const link = createMediaLinks({ mediaTokens, runtime, publicUrl: config.publicUrl });
  const { job: presentJob } = createPresenter({ store, runtime, jobs, link, publicUrl: config.publicUrl });
  const hosts = config.webhookHosts;
  const { endpoints, worker: courier } = createWebhooks({ store, runtime, log, seal, hosts, presentJob });

  const tidy = createTidy({ store, blobs, runtime, log });
  const dayTotals = createDayTotals({ store, runtime, log });

  let stopping = false;
  const streamsEnd = new AbortController();
  const ready = async () => ({
    database: await okOrFault(soon(store.check())),
    storage: await okOrFault(soon(blobs.check())),
    server: stopping ? 'stopping' : 'ok',
    ledger: ledgerWatch.isSound() ? 'ok' : 'the ledger contradicts itself: no new job is taken',
  });
  const settings: HttpSettings = {
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    webhookSecret: config.kling.webhookSecret,
    kieWebhookKey: config.kie.webhookKey,
    widgetFolder,
    upload: { maxBytes: maxUploadBytes, maxPixels, minSide, maxRatio },
  };
  const app = createHttpApp({
    store,
    jobs,
    blobs,
    pictures,
    scenes: createScenes({ openAi: config.openAi, log, ...runtime }),
    secrets: { seal, mediaTokens, callbackTokens },
    runtime,
    log,
    registry,
    ready,
    settings,
  });
  const { isSound: ledgerIsSound } = ledgerWatch;
  addGauges({ registry, store, accounts, ledgerIsSound, streamCount: app.hub.size, now: runtime.now });
  if (config.adminPassword) {
    const admin = composeAdmin({
      config,
      adminPassword: config.adminPassword,
      store,
      runtime,
      log,
      seal,
      blobs,
      jobs,
      fixed,
      canMake,
      download,
      link,
      widgetFolder,
      isReachable,
      stopping: streamsEnd.signal,
    });
    app.route('/admin', admin);
  }

  const { roles, publicUrl } = config;
  const face = roles.web ? app : createProbes({ publicUrl, log, ready, metrics: app.metrics });
  let door: Door | undefined;
  return {
    async listen() {
      door = await listen(face.fetch, config);
      if (roles.worker) {
        worker.start();
        tidy.start();
        dayTotals.start();
        courier.start();
      }
      log.info({ url: publicUrl, roles }, 'listening');
    },

    async grant({ siteId, userId, amount, reference }) {
      const now = runtime.now();
      await store.transaction(async (tx) => {
        const account = await store.accounts.ensureIn(tx, { siteId, userId }, { id: runtime.newId(), now });
        const entry = { id: runtime.newId(), accountId: account.id, amount, reference, actor: 'system', now };
        await store.ledger.grant(tx, entry);
      });
    },

    addSampleMonth({ siteId, footage, viewer: { login, password } }) {
      const viewer = { login, passwordHash: () => createPasswords().hash(password) };
      return addSampleMonth({ database, blobs, siteId, footage, viewer, now: runtime.now() });
    },

    registerWebhook: (endpoint) => endpoints.register({ ...endpoint, actor: 'system' }),

    async close(graceMs, { drains = false } = {}) {
      stopping = true;
      door?.sendOn();
      ledgerWatch.stop();
      tidy.stop();
      const lastSteps = Promise.all([worker.stop(graceMs), courier.stop(graceMs), dayTotals.stop()]);
      if (drains) await pause(config.drainMs);
      app.hub.close();
      streamsEnd.abort();
      await door?.close(Math.min(graceMs, lastAnswersMs));
      await lastSteps;
      await store.close();
      log.info({}, 'stopped');
    },
  };
}

async function putSite(
  store: Store,
  { site, seal, now }: { site: SiteConfig; seal: Seal; now: number },
): Promise<void> {
  const { id, issuer, audience, maxTokenSeconds, origins, key, apiKey } = site;
  const settings = {
    id,
    name: id,
    issuer,
    audience,
    maxTokenSeconds,
    origins,
    sealedJwtSecret: 'jwtSecret' in key ? seal.seal(key.jwtSecret) : null,
    jwksUrl: 'jwksUrl' in key ? key.jwksUrl : null,
    apiKeyHash: apiKey ? hashApiKey(apiKey) : null,
  };
  const put = () => store.sites.put(settings, now);
  // Two nodes that start at the same moment may both find no such site, and one of them is refused.
  await put().catch(put);
}

/** Rejects when it takes too long; the check itself goes on. */
async function soon(check: Promise<unknown>): Promise<unknown> {
  const enough = new AbortController();
  const late = pause(probePatienceMs, undefined, { signal: enough.signal }).then(() => {
    throw new Error(`no answer within ${probePatienceMs} ms`);
  });
  return Promise.race([check, late]).finally(() => {
    late.catch(() => {});
    enough.abort();
  });
}

async function okOrFault(check: Promise<unknown>): Promise<string> {
  try {
    await check;
    return 'ok';
  } catch (fault) {
    return String(fault);
  }
}

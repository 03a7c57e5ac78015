import type { AddressInfo } from 'node:net';
import { timingSafeEqual } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClipMaker } from './clip-maker.ts';
import { fileHostRefusal, KieRefusal, kieWords } from './kie-answers.ts';
import { createKieCallbacks } from './kie-callbacks.ts';
import { createKieResultFiles } from './kie-files.ts';
import { pausedByDefault } from './kie-models.ts';
import { simulatedKieKey, visibleKieTask } from './kie-options.ts';
import type { KieSimulator, KieSimulatorOptions } from './kie-options.ts';
import { isPrivateHost } from './kie-pictures.ts';
import { currentReport } from './kie-records.ts';
import { createResultMaker } from './kie-results.ts';
import { kieRoutes } from './kie-routes.ts';
import { createKieTaskStore } from './kie-tasks.ts';
import { fileHostRoutes } from './kie-uploads.ts';
import { createPictureStore } from './picture-store.ts';
import { createRateWindow } from './rate-window.ts';
import { createSimulatorServer } from './simulator-http.ts';
import type { LoggedRequest } from './simulator-http.ts';

export type { KieSimulator, KieSimulatorOptions } from './kie-options.ts';

const DAY_MS = 86_400_000;

/**
 * Starts a double of Kie.ai's task API and file host on real HTTP. README.md lists the markers that make it misbehave.
 * Rejects when the port is taken.
 */
export async function startKieSimulator(options: KieSimulatorOptions = {}): Promise<KieSimulator> {
  const apiKey = options.apiKey ?? simulatedKieKey;
  const webhookKey = options.webhookKey ?? null;
  const clock = options.clock ?? Date.now;
  const tiny = options.video === 'tiny';
  const directory = options.resultDirectory ?? join(tmpdir(), 'kie-simulator-results');
  const log: LoggedRequest[] = [];
  const posts = new Map<string, number>();
  const paused = new Set(options.paused ?? pausedByDefault);
  const clips = createClipMaker(directory);
  const pictures = createPictureStore(directory);
  const callbacks = createKieCallbacks({
    webhookKey,
    retryDelaysMs: options.callbackRetryDelaysMs ?? [500, 2000, 8000],
  });
  const store = createKieTaskStore({
    clock,
    keepsTime: options.clock === undefined,
    waitingMs: options.waitingMs ?? 2000,
    processingMs: options.processingMs ?? 8000,
    credits: options.credits ?? 5000,
    concurrency: options.concurrency ?? 100,
    makesAtOnce: !tiny,
    onEnd: (task) => callbacks.tell(task, currentReport(task, files.urlFor)),
  });
  let serverUrl = '';
  const baseUrl = () => options.publicUrl ?? serverUrl;
  const urlLifetimeMs = options.urlLifetimeMs ?? DAY_MS;
  const files = createKieResultFiles({ baseUrl, store, clock, urlLifetimeMs });

  function reaches(url: URL): boolean {
    const isOwn = url.origin === serverUrl || url.origin === new URL(baseUrl()).origin;
    return isOwn || options.reachPrivateHosts === true || !isPrivateHost(url.hostname);
  }

  function countPost(prompt: string): number {
    const count = (posts.get(prompt) ?? 0) + 1;
    posts.set(prompt, count);
    return count;
  }

  const rules = {
    strict: options.strict ?? false,
    tiny,
    isPaused: (model: string) => paused.has(model),
    reaches,
    make: createResultMaker({ film: clips.make, draw: pictures.make }),
  };
  const server = createSimulatorServer({
    routes: [
      ...kieRoutes({
        store,
        files,
        rules,
        countPost,
        mayCreate: createRateWindow({ clock, limit: options.createsPerTenSeconds ?? 20, windowMs: 10_000 }),
        mayQuery: createRateWindow({ clock, limit: options.queriesPerSecond ?? Infinity, windowMs: 1000 }),
        onCreate(task) {
          if (task.markers.has('forged-callback')) callbacks.forge(task);
        },
      }),
      ...fileHostRoutes({ baseUrl, clock, reaches }),
    ],
    words: kieWords,
    clock,
    log,
    admit(request, { words }) {
      if (isBearer(request.headers.authorization, apiKey)) return;
      throw words ? fileHostRefusal(401, 'Authentication failed: Invalid API Key') : new KieRefusal(401);
    },
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  serverUrl = `http://${host}:${port}`;

  return {
    url: serverUrl,
    uploadUrl: serverUrl,
    port,
    apiKey,
    webhookKey,
    log,
    tasks: () => store.oldestFirst().map(visibleKieTask),
    postsFor: (prompt) => posts.get(prompt) ?? 0,
    credits: store.credits,
    setCredits: store.setCredits,
    pause: (model) => void paused.add(model),
    unpause: (model) => void paused.delete(model),
    advance: store.advance,
    async close() {
      callbacks.close();
      store.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, clips.close()]);
    },
  };
}

function isBearer(header: string | undefined, key: string): boolean {
  const [given, right] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${key}`)];
  return given.length === right.length && timingSafeEqual(given, right);
}

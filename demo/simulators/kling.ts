import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClipMaker } from './clip-maker.ts';
import { createPictureStore } from './picture-store.ts';
import { invalid, KlingRefusal } from './kling-answers.ts';
import { authorise } from './kling-auth.ts';
import type { KlingKeys } from './kling-auth.ts';
import { createKlingCallbackSender } from './kling-callbacks.ts';
import { createResultFiles } from './kling-files.ts';
import { createKlingServer } from './kling-http.ts';
import type { LoggedRequest } from './simulator-http.ts';
import { discontinuedByDefault } from './kling-models.ts';
import { simulatedKeys, visibleTask } from './kling-options.ts';
import type { KlingSimulator, KlingSimulatorOptions } from './kling-options.ts';
import { currentReport, taskBody } from './kling-reports.ts';
import { legacyRoutes } from './kling-legacy-routes.ts';
import { newRoutes } from './kling-new-routes.ts';
import { accountRoutes, fileRoutes } from './kling-other-routes.ts';
import { createTaskStore } from './kling-tasks.ts';
import type { Task } from './kling-tasks.ts';

const DAY_MS = 86_400_000;

export type { KlingSimulator, KlingSimulatorOptions } from './kling-options.ts';

/**
 * Starts a double of the Kling AI API for videos (legacy and new standard) and pictures on real HTTP. README.md lists the markers that
 * make it misbehave. Rejects when the port is taken.
 */
export async function startKlingSimulator(options: KlingSimulatorOptions = {}): Promise<KlingSimulator> {
  const keys: KlingKeys = {
    accessKey: options.accessKey ?? simulatedKeys.accessKey,
    secretKey: options.secretKey ?? simulatedKeys.secretKey,
    apiKey: options.apiKey ?? simulatedKeys.apiKey,
  };
  const clock = options.clock ?? Date.now;
  const tiny = options.video === 'tiny';
  const log: LoggedRequest[] = [];
  const posts = new Map<string, number>();
  const discontinued = new Set(options.discontinued ?? discontinuedByDefault);
  const resultDirectory = options.clipDirectory ?? join(tmpdir(), 'kling-simulator-clips');
  const clips = createClipMaker(resultDirectory);
  const callbacks = createKlingCallbackSender({
    secret: options.webhookSecret ?? null,
    retryDelaysMs: options.callbackRetryDelaysMs ?? [500, 2000, 8000],
  });
  const store = createTaskStore({
    clock,
    keepsTime: options.clock === undefined,
    concurrency: { video: options.concurrency ?? 5, image: options.imageConcurrency ?? 9 },
    packs: options.packs ?? ['video', 'image'],
    submittedMs: options.submittedMs ?? 2000,
    processingMs: options.processingMs ?? 8000,
    makesAtOnce: !tiny,
    film: clips.make,
    draw: createPictureStore(resultDirectory).make,
    onStatusChange: callBack,
  });
  let baseUrl = '';
  const files = createResultFiles({
    baseUrl: () => options.publicUrl ?? baseUrl,
    store,
    clock,
    urlLifetimeMs: options.urlLifetimeMs ?? 30 * DAY_MS,
  });

  function callBack(task: Task): void {
    if (task.callbackUrl === null || task.markers.has('no-callback')) return;
    const body = JSON.stringify(taskBody(task, currentReport(task, files)));
    const callback = { address: task.callbackUrl, body, wrongSignature: task.markers.has('wrong-signature') };
    callbacks.send(callback);
    if (task.markers.has('callback-twice')) callbacks.send(callback);
    if (task.markers.has('callback-late') && task.status === 'succeed') {
      const late = taskBody(task, { status: 'processing', urls: [] });
      callbacks.send({ ...callback, body: JSON.stringify(late) });
    }
  }

  function refuseDiscontinued(name: string): void {
    if (!discontinued.has(name)) return;
    const message = `The model '${name.replace('images/', '')}' has been discontinued and is no longer available.`;
    throw options.discontinuedCode ? new KlingRefusal(options.discontinuedCode, message) : invalid(message);
  }

  function countPost(name: string): number {
    const count = (posts.get(name) ?? 0) + 1;
    posts.set(name, count);
    return count;
  }

  const rules = { strict: options.strict ?? false, tiny, refuseDiscontinued };
  const parts = { store, files, rules, clock, countPost };
  const server = createKlingServer({
    routes: [...legacyRoutes(parts), ...newRoutes(parts), ...accountRoutes(parts), ...fileRoutes(parts)],
    clock,
    log,
    admit: (request, access) =>
      authorise(request.headers.authorization, {
        keys,
        jwtAllowed: access === 'any key',
        nowMs: clock(),
        leewayMs: options.jwtLeewayMs ?? 1000,
      }),
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  baseUrl = `http://${host}:${port}`;

  return {
    ...keys,
    url: baseUrl,
    port,
    log,
    tasks: () => store.newestFirst().toReversed().map(visibleTask),
    postsFor: (externalId) => posts.get(externalId) ?? 0,
    discontinue: (modelName) => void discontinued.add(modelName),
    setConcurrency: store.setConcurrency,
    setPacks: store.setPacks,
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

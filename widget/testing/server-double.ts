/**
 * A small stand-in for the server, spoken to over real HTTP by the component tests. It keeps the public contract and
 * nothing else; a job only moves when the test says so. Every test has a world of its own: the first path segment
 * after `/double/`. Paths that begin with `~` are the test's own levers.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Batch, CreateBatch, CreateJob, Job, Preset, SceneRequest, Session } from '../../server/contract.ts';
import { clip } from './clip.ts';
import { videoPreset } from './presets.ts';

/** One answer to give instead of the normal one. `drop` cuts the connection after the work is done. */
export interface Fault {
  route: string;
  status?: number;
  code?: string;
  facts?: Record<string, unknown>;
  drop?: boolean;
  holdMs?: number;
}

/** What a test may set. */
export interface Levers {
  balance?: number;
  presets?: Preset[];
  upload?: Partial<Session['upload']>;
  uploadSize?: { width: number; height: number };
  userId?: string;
  tokenSeconds?: number;
  revokeTokens?: boolean;
  isStreamOff?: boolean;
  faults?: Fault[];
  jobs?: Job[];
  /** Who has the scene ideas; left out: OpenAI. */
  ideas?: 'openai' | 'default';
}

/** One request as the server saw it. */
export interface Seen {
  method: string;
  path: string;
  key?: string;
  contentType?: string;
  /** Accept-Language. */
  language?: string;
  body: string;
  bytes: number;
}

interface World {
  levers: Levers & { balance: number };
  jobs: Map<string, Job>;
  orders: Map<string, { body: string; jobId: string }>;
  batches: Map<string, Batch>;
  shares: Map<string, number>;
  groupNames: Map<string, string>;
  seen: Seen[];
  streams: Set<ServerResponse>;
  tokens: number;
  firstGoodToken: number;
}

const uploadLimits: Session['upload'] = {
  contentTypes: ['image/jpeg', 'image/png', 'image/webp'],
  maxBytes: 20 * 1_048_576,
  maxPixels: 50_000_000,
  minSide: 300,
  maxRatio: 2.5,
};

const worlds = new Map<string, World>();

function worldOf(name: string): World {
  let world = worlds.get(name);
  if (!world) {
    world = {
      levers: { balance: 100 },
      jobs: new Map(),
      orders: new Map(),
      batches: new Map(),
      shares: new Map(),
      groupNames: new Map(),
      seen: [],
      streams: new Set(),
      tokens: 0,
      firstGoodToken: 0,
    };
    worlds.set(name, world);
  }
  return world;
}

/** Answers a request below `/double/`; false when the path is another's. */
export async function answerAsServer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const [, prefix, name, ...rest] = url.pathname.split('/');
  if (prefix !== 'double' || !name) return false;
  const world = worldOf(name);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const exchange: Exchange = {
    world,
    request,
    response,
    body: Buffer.concat(chunks),
    path: `/${rest.join('/')}`,
    query: url.searchParams,
    base: `${url.origin}/double/${name}`,
  };
  if (rest[0]?.startsWith('~')) pullLever(exchange);
  else if (rest[0] === 'token') giveToken(exchange);
  else if (rest[0] === 'media') await giveMedia(exchange);
  else await serve(exchange);
  return true;
}

interface Exchange {
  world: World;
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
  path: string;
  query: URLSearchParams;
  base: string;
}

function send({ response }: Pick<Exchange, 'response'>, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const problem = (exchange: Exchange, { status = 500, code = 'internal', facts = {} }: Partial<Fault>) =>
  send(exchange, status, { type: 'about:blank', title: code, status, code, detail: code, requestId: 'r-1', ...facts });

function pullLever({ world, response, path, body }: Exchange): void {
  const said = body.length > 0 ? (JSON.parse(body.toString()) as Record<string, unknown>) : {};
  if (path === '/~set') {
    Object.assign(world.levers, said);
    for (const job of (said as Levers).jobs ?? []) world.jobs.set(job.id, job);
    if (said.revokeTokens) world.firstGoodToken = world.tokens + 1;
    if (said.isStreamOff) for (const stream of world.streams) stream.destroy();
    if (typeof said.balance === 'number') push(world, 'balance', { balance: said.balance });
  }
  if (path === '/~job') {
    const job = world.jobs.get(said.id as string)!;
    Object.assign(job, said, { updatedAt: new Date().toISOString() });
    push(world, 'job', { job });
  }
  send({ response }, 200, path === '/~seen' ? world.seen : {});
}

function push(world: World, event: string, data: unknown): void {
  for (const stream of world.streams)
    stream.write(`id: ${Date.now()}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function giveToken(exchange: Exchange): void {
  const { world } = exchange;
  world.seen.push({ method: 'GET', path: '/token', body: '', bytes: 0 });
  if (takeFault(exchange, 'GET /token')) return;
  world.tokens += 1;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'host',
    sub: world.levers.userId ?? 'seller',
    iat: now,
    exp: now + (world.levers.tokenSeconds ?? 900),
  };
  const token = ['h', Buffer.from(JSON.stringify({ ...claims, n: world.tokens })).toString('base64url'), 's'].join('.');
  send(exchange, 200, { token });
}

function isAuthorized({ world, request }: Exchange): boolean {
  const payload = request.headers.authorization?.match(/^Bearer h\.(.+)\.s$/)?.[1];
  if (!payload) return false;
  const { n } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { n: number };
  return n >= world.firstGoodToken;
}

async function giveMedia({ response, path }: Exchange): Promise<void> {
  const isClip = path.endsWith('.mp4');
  const bytes = isClip ? await clip() : readFileSync(new URL('../../demo/photos/mug.jpg', import.meta.url));
  response.writeHead(200, { 'content-type': isClip ? 'video/mp4' : 'image/jpeg', 'content-length': bytes.length });
  response.end(bytes);
}

/** Answers with the next fault for the route; a hold alone only delays the normal answer. */
function takeFault(exchange: Exchange, route: string): Fault | undefined {
  const { faults = [] } = exchange.world.levers;
  const index = faults.findIndex((fault) => fault.route === route && !fault.drop && fault.status !== undefined);
  if (index === -1) return undefined;
  const [fault] = faults.splice(index, 1);
  problem(exchange, fault!);
  return fault;
}

function takeSideEffect({ world }: Exchange, route: string): Fault | undefined {
  const { faults = [] } = world.levers;
  const index = faults.findIndex((fault) => fault.route === route && (fault.drop || fault.holdMs !== undefined));
  return index === -1 ? undefined : faults.splice(index, 1)[0];
}

async function serve(exchange: Exchange): Promise<void> {
  const { world, request, body, path } = exchange;
  const method = request.method ?? 'GET';
  const key = request.headers['idempotency-key'] as string | undefined;
  const contentType = request.headers['content-type'];
  const isText = contentType === 'application/json';
  const language = request.headers['accept-language'];
  world.seen.push({
    method,
    path,
    ...(key ? { key } : {}),
    ...(contentType ? { contentType } : {}),
    ...(language ? { language } : {}),
    body: isText ? body.toString() : '',
    bytes: body.length,
  });
  const route = `${method} ${path.replace(/^(\/v1\/jobs)\/[^/]+/, '$1/:id')}`;
  if (!isAuthorized(exchange)) return problem(exchange, { status: 401, code: 'unauthorized' });
  if (takeFault(exchange, route)) return;
  const side = takeSideEffect(exchange, route);
  if (side?.holdMs) await new Promise((resolve) => setTimeout(resolve, side.holdMs));
  if (side?.drop) {
    if (route === 'POST /v1/jobs') takeOrder(exchange);
    if (route === 'POST /v1/batches') takeBatch(exchange);
    exchange.response.destroy();
    return;
  }
  (routes[route] ?? (() => problem(exchange, { status: 404, code: 'not_found' })))(exchange);
}

const idIn = (path: string) => path.split('/')[3] ?? '';
const newestFirst = (world: World) => [...world.jobs.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));

const routes: Record<string, (exchange: Exchange) => void> = {
  'GET /v1/session': (exchange) => {
    const { levers } = exchange.world;
    const session: Session = {
      site: { id: 'demo', name: 'Demo' },
      user: { id: levers.userId ?? 'seller' },
      balance: levers.balance,
      presets: levers.presets ?? [videoPreset],
      styles: ['studio', 'nature'].map((id) => ({
        id,
        title: id === 'studio' ? 'Студия' : 'Природа',
        pictureUrl: `${exchange.base}/media/${id}.jpg`,
      })),
      upload: { ...uploadLimits, ...levers.upload },
      activeJobs: newestFirst(exchange.world).filter((job) => ['pending', 'processing'].includes(job.status)),
    };
    send(exchange, 200, session);
  },
  'POST /v1/uploads': (exchange) => {
    const size = exchange.world.levers.uploadSize ?? sizeOfPng(exchange.body) ?? { width: 900, height: 1200 };
    const id = randomUUID();
    const url = `${exchange.base}/media/source.jpg`;
    const contentType = exchange.request.headers['content-type'];
    send(exchange, 201, { upload: { id, ...size, bytes: exchange.body.length, contentType, sha256: 'x', url } });
  },
  'POST /v1/jobs': (exchange) => {
    const job = takeOrder(exchange);
    if (job) send(exchange, 201, { job, balance: exchange.world.levers.balance });
    else problem(exchange, { status: 422, code: 'idempotency_mismatch' });
  },
  'GET /v1/jobs': (exchange) => {
    const { query, world } = exchange;
    const [kind, groupId, parentId, words] = ['kind', 'groupId', 'parentId', 'q'].map((name) => query.get(name));
    const all = newestFirst(world).filter(
      (job) =>
        (!kind || job.kind === kind) &&
        (!groupId || job.groupId === groupId) &&
        (!parentId || job.parentId === parentId) &&
        (!words || `${job.prompt} ${job.title}`.toLowerCase().includes(words.toLowerCase())),
    );
    const start = all.findIndex((job) => job.id === query.get('cursor')) + 1;
    const end = start + Number(query.get('limit') ?? 10);
    send(exchange, 200, { items: all.slice(start, end), nextCursor: end < all.length ? all[end - 1]!.id : null });
  },
  'GET /v1/jobs/:id': (exchange) => {
    const job = exchange.world.jobs.get(idIn(exchange.path));
    if (job) send(exchange, 200, { job });
    else problem(exchange, { status: 404, code: 'not_found' });
  },
  'POST /v1/jobs/:id/share': (exchange) => {
    const id = idIn(exchange.path);
    const { shares } = exchange.world;
    if (!shares.has(id)) shares.set(id, shares.size + exchange.world.seen.length);
    const url = `${exchange.base}/s/${shares.get(id)}`;
    const [videoUrl, posterUrl] = [`${url}/file`, `${url}/poster`];
    const embedCode = `<video muted loop playsinline poster="${posterUrl}"></video>`;
    send(exchange, 200, { share: { url, videoUrl, posterUrl, embedCode } });
  },
  'DELETE /v1/jobs/:id/share': (exchange) => {
    exchange.world.shares.delete(idIn(exchange.path));
    send(exchange, 204);
  },
  'POST /v1/batches': (exchange) => {
    const { dryRun } = JSON.parse(exchange.body.toString()) as CreateBatch;
    send(exchange, dryRun ? 200 : 201, dryRun ? quoteBatch(exchange) : takeBatch(exchange));
  },
  'POST /v1/jobs/:id/cancel': (exchange) => {
    const { world } = exchange;
    const job = world.jobs.get(idIn(exchange.path))!;
    world.levers.balance += job.tokensCost;
    const receipt = { ...job.receipt, refunded: job.tokensCost };
    Object.assign(job, { status: 'cancelled', refunded: true, receipt, updatedAt: new Date().toISOString() });
    send(exchange, 200, { job, balance: world.levers.balance });
  },
  'DELETE /v1/jobs/:id': (exchange) => {
    exchange.world.jobs.delete(idIn(exchange.path));
    send(exchange, 204);
  },
  'POST /v1/scenes': (exchange) => {
    const { productName } = JSON.parse(exchange.body.toString()) as SceneRequest;
    const scenes = ['Утро', 'Вода', 'Студия'].map((title) => ({
      title: `${title}: ${productName}`,
      description: `${title} и товар крупно`,
      prompt: `${productName} in the scene ${title}`,
    }));
    send(exchange, 200, { scenes, source: exchange.world.levers.ideas ?? 'openai' });
  },
  'GET /v1/groups': (exchange) => {
    const { jobs, groupNames } = exchange.world;
    const items = [...groupNames].map(([id, name]) => {
      const own = [...jobs.values()].filter((job) => job.groupId === id);
      return { id, name, jobs: own.length, createdAt: own[0]?.createdAt };
    });
    send(exchange, 200, { items: items.filter((group) => group.jobs > 0), nextCursor: null });
  },
  'GET /v1/events': ({ world, response, request }) => {
    if (world.levers.isStreamOff) return void response.destroy();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': open\n\n');
    world.streams.add(response);
    request.socket.on('close', () => world.streams.delete(response));
  },
};

/** Width and height of a PNG, from its header. */
const sizeOfPng = (body: Buffer) =>
  body.length > 24 && body.toString('latin1', 1, 4) === 'PNG'
    ? { width: body.readUInt32BE(16), height: body.readUInt32BE(20) }
    : undefined;

/** The same key and body answer the same job; undefined for the same key with another body. */
function takeOrder({ world, request, body, base }: Exchange): Job | undefined {
  const key = request.headers['idempotency-key'] as string;
  const text = body.toString();
  const earlier = world.orders.get(key);
  if (earlier) return earlier.body === text ? world.jobs.get(earlier.jobId) : undefined;
  const order = JSON.parse(text) as CreateJob;
  const preset = presetOf(world, order.presetId);
  const job = newJob({ base, preset, order });
  world.levers.balance -= job.tokensCost;
  world.jobs.set(job.id, job);
  world.orders.set(key, { body: text, jobId: job.id });
  if (order.groupId && order.groupName) world.groupNames.set(order.groupId, order.groupName);
  return job;
}

const presetOf = ({ levers }: World, presetId: string) =>
  (levers.presets ?? [videoPreset]).find(({ id }) => id === presetId) ?? videoPreset;

function quoteBatch({ world, body, base }: Exchange): Batch {
  const { items, dryRun: _, budget = Infinity, ...order } = JSON.parse(body.toString()) as CreateBatch;
  const { tokensCost } = newJob({ base, preset: presetOf(world, order.presetId), order });
  const { balance } = world.levers;
  const total = tokensCost * items.length;
  const facts = { groupId: 'batch-1', count: items.length, total, spent: 0, balance };
  return { ...facts, affordable: total <= Math.min(balance, budget), items: [] };
}

/** The same key answers the same batch; what is beyond the budget or the balance is not ordered. */
function takeBatch(exchange: Exchange): Batch {
  const { world, request, body, base } = exchange;
  const key = request.headers['idempotency-key'] as string;
  const earlier = world.batches.get(key);
  if (earlier) return earlier;
  const { items, dryRun: _, budget = Infinity, ...order } = JSON.parse(body.toString()) as CreateBatch;
  const preset = presetOf(world, order.presetId);
  let spent = 0;
  const made = items.map((item) => {
    const job = newJob({ base, preset, order: { ...order, ...item, groupId: 'batch-1' } });
    const code = spent + job.tokensCost > budget ? 'over_budget' : 'insufficient_tokens';
    const isTooMuch = code === 'over_budget' || world.levers.balance < job.tokensCost;
    if (isTooMuch) return { error: { code, detail: code } } as const;
    spent += job.tokensCost;
    world.levers.balance -= job.tokensCost;
    world.jobs.set(job.id, job);
    return { job };
  });
  const batch: Batch = { ...quoteBatch(exchange), spent, balance: world.levers.balance, items: made };
  world.batches.set(key, batch);
  return batch;
}

const extraOf = <T>(choices: readonly { value: T; extraTokens: number }[], value: T) =>
  choices.find((choice) => choice.value === value)?.extraTokens ?? 0;

function newJob({ base, preset, order }: { base: string; preset: Preset; order: CreateJob }): Job {
  const now = new Date().toISOString();
  const { aspectRatios, seconds, modes } = preset.choices;
  const tokensCost =
    preset.tokensCost +
    extraOf(aspectRatios, order.aspectRatio) +
    extraOf(seconds, order.seconds) +
    extraOf(modes, order.mode);
  return {
    id: randomUUID(),
    kind: preset.kind,
    presetId: preset.id,
    status: 'pending',
    stage: 'queued',
    progress: 0,
    queuePosition: 3,
    estimate: 120,
    tokensCost,
    refunded: false,
    prompt: order.prompt ?? 'A smooth, cinematic product showcase',
    ...(order.uploadId && { source: { url: `${base}/media/source.jpg`, width: 900, height: 1200 } }),
    aspectRatio: order.aspectRatio ?? preset.aspectRatio,
    seconds: order.seconds ?? preset.seconds,
    ...(order.styleId && { styleId: order.styleId }),
    ...(order.groupId && { groupId: order.groupId }),
    ...(order.title && { title: order.title }),
    ...(order.parentId && { parentId: order.parentId }),
    provider: 'kling',
    model: 'kling-v2-6',
    receipt: { quoted: tokensCost, debited: tokensCost, refunded: 0 },
    createdAt: now,
    updatedAt: now,
  };
}

/** Who may do what: every route that the server has, asked by everybody. A route without a line here fails the test. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { createAdmin } from '../admin/admin.ts';
import { firstSite, makePicture, siteKey, startTestServer, type TestServer } from '../http/testing.ts';
import { testPreset } from '../store/testing.ts';
import { hashApiKey } from '../secrets.ts';

/** `namesake` has the owner's user id at another site; `misaddressed` is the owner with a token for another audience. */
const sellers = ['owner', 'neighbour', 'namesake'] as const;
const identities = [...sellers, 'anonymous', 'expired', 'misaddressed', 'ownSite', 'otherSite'] as const;
type Identity = (typeof identities)[number];
type Expected = Record<Identity, number>;

const others = (status: number): Expected =>
  Object.fromEntries(identities.map((identity) => [identity, status])) as Expected;
const anySeller = (status: number): Expected => ({
  ...others(401),
  owner: status,
  neighbour: status,
  namesake: status,
});
const ownerOnly = (status: number): Expected => ({ ...anySeller(404), owner: status });
const anySite = (status: number): Expected => ({ ...others(401), ownSite: status, otherSite: status });

interface Question {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  body?: BodyInit;
}

interface Line {
  expected: Expected;
  /** Makes what the question is about, anew for every identity, and answers its id. */
  record?: () => Promise<string>;
  ask: (record: string) => Question;
}

const ownersWords = 'words that only the owner may read';
const otherSiteKey = 'the-api-key-of-another-site-0123456789abc';
const nobody = '0199aaaa-0000-7000-8000-000000000000';
const fromAdmin = { 'sec-fetch-site': 'same-origin' };

let server: TestServer;
let tokens: Record<Identity, string | undefined>;
let picture: Buffer;
let uploadId: string;

const orderOf = (title: string, upload: string) => ({
  json: { presetId: testPreset.presetId, uploadId: upload, title },
  headers: { 'idempotency-key': uuidv7() },
});

async function order(): Promise<string> {
  const answer = await server.call('/v1/jobs', { token: tokens.owner!, ...orderOf(ownersWords, uploadId) });
  return ((await answer.json()) as { job: { id: string } }).job.id;
}

async function endedOrder(): Promise<string> {
  const id = await order();
  await server.call(`/v1/jobs/${id}/cancel`, { token: tokens.owner!, method: 'POST' });
  return id;
}

async function groupedOrder(): Promise<string> {
  const { json, headers } = orderOf('x', uploadId);
  const named = { ...json, groupId: uuidv7(), groupName: ownersWords };
  await server.call('/v1/jobs', { token: tokens.owner!, json: named, headers });
  return '';
}

async function finishedOrder(): Promise<string> {
  const { store, runtime } = server.parts;
  const id = await order();
  const now = runtime.now();
  const size = { width: 720, height: 960, bytes: 1 };
  const video = { ...size, key: 'x', sha256: 'x', contentType: 'video/mp4', seconds: 5 };
  await store.transaction(async (tx) => {
    for (const stage of ['submitting', 'generating', 'saving', 'done'] as const)
      await store.jobs.advance(tx, stage, { id, now, set: { video } });
  });
  return id;
}

const mediaToken = (): string => {
  const grant = { key: 'nobody/nothing.mp4', contentType: 'video/mp4', expiresAtMs: Date.now() + 60_000 };
  return server.parts.secrets.mediaTokens.sign(grant);
};

const open = (status: number, ask: () => Question): Line => ({ expected: others(status), ask });
const adminPage = (path: string): [string, Line] => [`GET ${path}`, open(303, () => ({ path: filled(path) }))];
const adminForm = (path: string): [string, Line] => [
  `POST ${path}`,
  open(401, () => ({ path: filled(path), method: 'POST', headers: fromAdmin, body: new URLSearchParams() })),
];
const filled = (path: string) =>
  path.replace(/\{[^}]+\}/, '').replace(/:\w+/g, (name) => (name === ':tab' ? 'video' : 'x'));

const table: Record<string, Line> = {
  'GET /v1/session': { expected: anySeller(200), ask: () => ({ path: '/v1/session' }) },
  'GET /v1/ledger': { expected: anySeller(200), ask: () => ({ path: '/v1/ledger' }) },
  'GET /v1/events': { expected: anySeller(200), ask: () => ({ path: '/v1/events' }) },
  'GET /v1/jobs': { expected: anySeller(200), record: order, ask: () => ({ path: '/v1/jobs' }) },
  'GET /v1/jobs/:id': { expected: ownerOnly(200), record: order, ask: (id) => ({ path: `/v1/jobs/${id}` }) },
  'DELETE /v1/jobs/:id': {
    expected: ownerOnly(204),
    record: endedOrder,
    ask: (id) => ({ path: `/v1/jobs/${id}`, method: 'DELETE' }),
  },
  'POST /v1/jobs/:id/cancel': {
    expected: ownerOnly(200),
    record: order,
    ask: (id) => ({ path: `/v1/jobs/${id}/cancel`, method: 'POST' }),
  },
  'POST /v1/jobs': {
    expected: ownerOnly(201),
    record: async () => uploadId,
    ask: (id) => ({ path: '/v1/jobs', ...orderOf('x', id) }),
  },
  'POST /v1/batches': {
    expected: anySeller(201),
    record: async () => uploadId,
    ask: (id) => ({
      path: '/v1/batches',
      json: { presetId: testPreset.presetId, items: [{ uploadId: id }] },
      headers: { 'idempotency-key': uuidv7() },
    }),
  },
  'GET /v1/groups': { expected: anySeller(200), record: groupedOrder, ask: () => ({ path: '/v1/groups' }) },
  'POST /v1/jobs/:id/share': {
    expected: ownerOnly(200),
    record: finishedOrder,
    ask: (id) => ({ path: `/v1/jobs/${id}/share`, method: 'POST' }),
  },
  'DELETE /v1/jobs/:id/share': {
    expected: ownerOnly(204),
    record: finishedOrder,
    ask: (id) => ({ path: `/v1/jobs/${id}/share`, method: 'DELETE' }),
  },
  'POST /v1/uploads': {
    expected: anySeller(201),
    ask: () => ({ path: '/v1/uploads', headers: { 'content-type': 'image/jpeg' }, body: Buffer.from(picture) }),
  },
  'POST /v1/scenes': {
    expected: anySeller(200),
    ask: () => ({ path: '/v1/scenes', json: { productName: 'x', description: '' } }),
  },
  'POST /v1/host/accounts/:userId/grants': {
    expected: anySite(201),
    ask: () => ({ path: '/v1/host/accounts/equal/grants', json: { amount: 7, reference: uuidv7() } }),
  },
  'GET /v1/host/accounts/:userId': {
    expected: { ...anySite(404), ownSite: 200 },
    record: async () => 'neighbour',
    ask: (userId) => ({ path: `/v1/host/accounts/${userId}` }),
  },
  'GET /v1/host/jobs': { expected: anySite(200), record: order, ask: () => ({ path: '/v1/host/jobs' }) },
  'GET /s/:token': open(404, () => ({ path: '/s/AAAAAAAAAAAAAAAAAAAAAA' })),
  'GET /s/:token/file': open(404, () => ({ path: '/s/AAAAAAAAAAAAAAAAAAAAAA/file' })),
  'GET /s/:token/poster': open(404, () => ({ path: '/s/AAAAAAAAAAAAAAAAAAAAAA/poster' })),
  'GET /share.css': open(200, () => ({ path: '/share.css' })),
  'GET /posters/:name': open(200, () => ({ path: '/posters/3x4.svg' })),
  'GET /styles/:name': open(200, () => ({ path: '/styles/studio.svg' })),
  'GET /media/:token': open(404, () => ({ path: `/media/${mediaToken()}` })),
  'POST /hooks/kling/:token': open(200, () => ({ path: '/hooks/kling/x', json: {} })),
  'POST /hooks/kie/:token': open(200, () => ({ path: '/hooks/kie/x', json: {} })),
  'GET /widget/:name': open(404, () => ({ path: '/widget/x.js' })),
  'GET /widget/:version/:name': open(404, () => ({ path: '/widget/1/x.js' })),
  ...Object.fromEntries(
    ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/docs/start.js', '/docs/swagger-ui.css'].map(
      (path) => [`GET ${path}`, open(200, () => ({ path }))],
    ),
  ),
  'GET /docs/swagger-ui-bundle.js': open(200, () => ({ path: '/docs/swagger-ui-bundle.js' })),
  'GET /admin/assets/admin.css': open(200, () => ({ path: '/admin/assets/admin.css' })),
  'GET /admin/assets/icon.svg': open(200, () => ({ path: '/admin/assets/icon.svg' })),
  'GET /admin/assets/chart.js': open(200, () => ({ path: '/admin/assets/chart.js' })),
  'GET /admin/assets/live.js': open(200, () => ({ path: '/admin/assets/live.js' })),
  'GET /admin/assets/usage.js': open(200, () => ({ path: '/admin/assets/usage.js' })),
  'GET /admin/*': open(303, () => ({ path: '/admin/nothing' })),
  'GET /admin/sign-in': open(200, () => ({ path: '/admin/sign-in' })),
  'POST /admin/sign-in': open(422, () => ({
    path: '/admin/sign-in',
    method: 'POST',
    headers: fromAdmin,
    body: new URLSearchParams({ password: 'wrong' }),
  })),
  ...Object.fromEntries([
    ...['/admin', '/admin/jobs', '/admin/jobs/:id', '/admin/accounts', '/admin/accounts/:id'].map(adminPage),
    ...['/admin/accounts/:id/grants', '/admin/prompts', '/admin/prompts/:tab{(?:images|video)}'].map(adminPage),
    ...['/admin/prompts/:tab{(?:images|video)}/:id', '/admin/prices', '/admin/prices/:id', '/admin/embed'].map(
      adminPage,
    ),
    ...['/admin/sign-out', '/admin/accounts/:id/grants', '/admin/prices/:id'].map(adminForm),
    adminForm('/admin/prompts/:tab{(?:images|video)}/:id'),
    ...['/admin/operators', '/admin/operators/:id', '/admin/operators/:id/:form', '/admin/audit'].map(adminPage),
    ...['/admin/operators/password', '/admin/operators/sessions/*'].map(adminPage),
    ...['', '/password', '/sessions/:id/end', '/sessions/end-others'].map((end) => adminForm(`/admin/operators${end}`)),
    ...['/admin/usage', '/admin/events', '/admin/health', '/admin/health/accounts/*'].map(adminPage),
    ...['', '/:id', '/:id/disable', '/:id/enable', '/:id/retry'].map((end) =>
      adminForm(`/admin/health/accounts${end}`),
    ),
    ...['role', 'password', 'disable', 'enable'].map((end) => adminForm(`/admin/operators/:id/${end}`)),
    ...['/admin/sites', '/admin/sites/~token', '/admin/sites/:id', '/admin/sites/:id/:form'].map(adminPage),
    ...['', '/~token', '/:id/settings', '/:id/rotation', '/:id/rotation-end', '/:id/keys'].map((end) =>
      adminForm(`/admin/sites${end}`),
    ),
    adminForm('/admin/sites/:id/keys/:key/revoke'),
    ...['/admin/accounts/:id/corrections', '/admin/accounts/:id/ledger.csv', '/admin/accounts/ledger.csv'].map(
      adminPage,
    ),
    ...['/admin/jobs/:id/:form', '/admin/presets', '/admin/presets/:id', '/admin/presets/new'].map(adminPage),
    ...['/history', '/history/restore', '/try', '/try/:try', '/try/:try/result', '/try/run'].map((end) =>
      adminPage(`/admin/prompts/:tab{(?:images|video)}/:id${end}`),
    ),
    ...['/history/restore', '/try', '/try/run'].map((end) =>
      adminForm(`/admin/prompts/:tab{(?:images|video)}/:id${end}`),
    ),
    ...['/accounts/:id/corrections', '/jobs/:id/refund', '/jobs/:id/retry'].map((path) => adminForm(`/admin${path}`)),
    ...['/:id', '/:id/copy', '/:id/move', '/:id/offer', '/new'].map((end) => adminForm(`/admin/presets${end}`)),
    ...['', '/:id', '/:id/:form'].map((end) => adminPage(`/admin/webhooks${end}`)),
    ...['', '/deliveries/:delivery/replay'].map((end) => adminForm(`/admin/webhooks${end}`)),
    ...['disable', 'enable', 'rotation', 'rotation-end', 'settings', 'test'].map((end) =>
      adminForm(`/admin/webhooks/:id/${end}`),
    ),
  ]),
};

before(async () => {
  server = await startTestServer();
  const { store, runtime, log, secrets, settings } = server.parts;
  const { publicUrl } = settings;
  const admin = { store, runtime, log, publicUrl, secret: 'x'.repeat(32), adminPassword: 'a long password' };
  server.app.route('/admin', createAdmin(admin));

  const secret = 'the shared secret of another site, long enough';
  const [id, issuer] = ['other', 'https://other.example'];
  const sealedJwtSecret = secrets.seal.seal(secret);
  await store.sites.put({ ...firstSite, id, issuer, sealedJwtSecret, apiKeyHash: hashApiKey(otherSiteKey) }, 1);

  const seconds = Math.floor(Date.now() / 1000);
  tokens = {
    owner: await server.mint({ sub: 'equal' }),
    neighbour: await server.mint({ sub: 'neighbour' }),
    namesake: await server.mint({ sub: 'equal', iss: issuer, secret }),
    anonymous: undefined,
    expired: await server.mint({ sub: 'equal', iat: seconds - 600, exp: seconds - 300 }),
    misaddressed: await server.mint({ sub: 'equal', aud: 'another-service' }),
    ownSite: siteKey,
    otherSite: otherSiteKey,
  };
  picture = await makePicture();
  for (const userId of ['equal', 'neighbour']) await server.grant(10_000, { userId });
  uploadId = (await server.uploaded(tokens.owner!)).id;
});
after(() => server.close());

async function asked(identity: Identity, { path, method, headers, json, body }: Question) {
  const token = tokens[identity];
  const answer = await fetch(server.url + path, {
    method: method ?? (json || body ? 'POST' : 'GET'),
    redirect: 'manual',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined ? { body: JSON.stringify(json) } : body && { body }),
  });
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
  const text = isStream ? '' : await answer.text();
  if (isStream) await answer.body!.cancel();
  return { status: answer.status, headers: answer.headers, body: text };
}

/** All that a caller can compare, but for the request's own name and the clock. */
function visible({ status, headers, body }: Awaited<ReturnType<typeof asked>>) {
  const named = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
  return { status, headers: Object.fromEntries(named), body: body.replace(/"requestId":"[^"]+"/, '') };
}

const routes = () => [...new Set(server.app.routes.map(({ method, path }) => `${method} ${path}`))];

it('every route has its line in the table, and no line is left of an old route', () => {
  const known = routes().filter((route) => !route.startsWith('ALL '));
  assert.deepEqual(known.toSorted(), Object.keys(table).toSorted());
  const forAllMethods = routes().filter((route) => route.startsWith('ALL '));
  assert.deepEqual(forAllMethods, ['ALL /*', 'ALL /v1/*', 'ALL /admin/*'], 'these are guards and the 404 page');
});

it('each identity gets what the table says, from every route', async () => {
  for (const [route, { expected, record, ask }] of Object.entries(table))
    for (const identity of identities) {
      const answer = await asked(identity, ask((await record?.()) ?? ''));
      assert.equal(answer.status, expected[identity], `${route} by ${identity}: ${answer.body.slice(0, 200)}`);
      if (identity !== 'owner' && identity !== 'ownSite')
        assert.ok(!answer.body.includes(ownersWords) && !answer.body.includes(uploadId), `${route} tells ${identity}`);
      if (route.includes(' /v1/')) assert.equal(answer.headers.get('cache-control'), 'no-store', route);
      if (identity === 'expired' && answer.status === 401 && route.includes(' /v1/'))
        assert.match(answer.body, /"code":"(token_expired|unauthorized)"/);
    }
});

it('HEAD opens nothing that GET keeps closed', async () => {
  for (const [route, { expected, ask }] of Object.entries(table)) {
    if (!route.startsWith('GET ')) continue;
    const { status } = await asked('anonymous', { ...ask('x'), method: 'HEAD' });
    assert.equal(status, expected.anonymous, route);
  }
});

it('what is not yours answers byte for byte like what does not exist', async () => {
  const compared: string[] = [];
  for (const [route, { expected, record, ask }] of Object.entries(table)) {
    const strangers = identities.filter((identity) => record && expected[identity] === 404);
    for (const identity of strangers) {
      const foreign = await asked(identity, ask(await record!()));
      const absent = await asked(identity, ask(nobody));
      assert.deepEqual(visible(foreign), visible(absent), `${route} by ${identity}`);
      compared.push(`${route} by ${identity}`);
    }
  }
  assert.equal(compared.length, 13, String(compared));
});

it('a grant of one site moves nothing at another', async () => {
  const balance = async (token: string) =>
    ((await (await server.call('/v1/session', { token })).json()) as { balance: number }).balance;
  const before = await balance(tokens.owner!);
  const theirs = await balance(tokens.namesake!);
  await server.grant(3, { userId: 'equal', apiKey: otherSiteKey });
  assert.equal(await balance(tokens.owner!), before);
  assert.equal(await balance(tokens.namesake!), theirs + 3);
});

it('a fault inside is a bare 500 on every route, and nothing of it leaves', async () => {
  const canary = 'canary-fault /etc/inner/path';
  const fail = () => Promise.reject(new Error(canary, { cause: new Error(canary) }));
  const { accounts, groups, jobs, ledger, presets, queue, shares, uploads } = server.parts.store;
  const rooms = [accounts, groups, jobs, ledger, presets, queue, shares, uploads, server.parts.blobs] as Record<
    string,
    unknown
  >[];
  const ids = new Map<string, string>();
  for (const [route, { record }] of Object.entries(table)) ids.set(route, (await record?.()) ?? '');
  for (const room of rooms)
    for (const name of Object.keys(room)) if (typeof room[name] === 'function') room[name] = fail;
  Object.assign(server.parts.store, { transaction: fail });

  const survivors = new Set([
    'GET /v1/events',
    'POST /hooks/kling/:token',
    'POST /hooks/kie/:token',
    'POST /v1/scenes',
  ]);
  for (const [route, { expected, ask }] of Object.entries(table)) {
    const identity = route.includes('/v1/host/') ? 'ownSite' : 'owner';
    const { status, body } = await asked(identity, ask(ids.get(route)!));
    const isStored = / \/(v1|media|s)\//.test(route);
    assert.equal(
      status,
      isStored && !survivors.has(route) ? 500 : expected[identity],
      `${route}: ${body.slice(0, 200)}`,
    );
    assert.doesNotMatch(body.slice(0, 5_000), /canary|\bat \w+ \(|node_modules\/|\.ts:\d/, route);
  }
  assert.ok(server.logged.some(({ facts }) => String((facts as { err?: Error }).err).includes(canary)));
});

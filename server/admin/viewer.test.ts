import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { html } from 'hono/html';
import { createAdmin } from './admin.ts';
import { lockForms, viewerActions } from './locked-forms.ts';
import { openBrowser, openOffice, quickPasswords, type Office } from './testing.ts';

const password = 'a long first password';
let office: Office;
let viewer: ReturnType<typeof openBrowser>;
let formToken: string;
before(async () => {
  office = await openOffice();
  const passwordHash = await quickPasswords.hash(password);
  const row = { id: 'v', login: 'viewer', role: 'viewer', passwordHash, createdAt: 1, disabledAt: null } as const;
  await office.store.transaction((tx) => office.store.operators.create(tx, row));
  await office.seller('user-1', { name: 'Seller' });
  viewer = openBrowser(office.address);
  await viewer.signIn(password, 'viewer');
  formToken = (await viewer.form('/admin/operators', '/admin/operators/password'))['formToken']!;
});
after(() => office.close());

const routes = () =>
  createAdmin(office.parts).routes.map(({ method, path }) => ({ method, path: `/admin${path === '/' ? '' : path}` }));
/** An address of the route; `:name{pattern}` becomes the first word of its pattern. */
const filled = (path: string) => path.replace(/:\w+(?:\{([\w-]+)[^}]*\})?/g, (_, first) => first ?? 'video-cover');

test('a viewer can send nothing, by any route there is, but to leave and to change his own password', async () => {
  const posts = [
    ...new Set(
      routes()
        .filter(({ method }) => method === 'POST')
        .map(({ path }) => path),
    ),
  ];
  assert.ok(posts.length > 12, 'the routes were found');
  for (const action of viewerActions) assert.ok(posts.includes(action), action);
  const written = async () => (await office.store.auditLog.list({ limit: 1 }))[0]!.id;
  const before = await written();
  for (const path of posts.filter((one) => !viewerActions.includes(one) && one !== '/admin/sign-in')) {
    const { status, text } = await viewer.post(filled(path), { formToken, price: '99', expectedRevision: '1' });
    assert.equal(status, 403, path);
    assert.match(text, /You may only look here/, path);
  }
  assert.equal(await written(), before);
});

test('other methods and other ways to write the open addresses are refused too', async () => {
  for (const path of ['/admin/operators//password', '/admin/operators/%70assword/', '/admin/sign-out/x', '/admin/x'])
    assert.notEqual((await viewer.post(path, { formToken })).status, 303, path);
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const headers = { cookie: `kvc-admin=${viewer.cookies.get('kvc-admin')}`, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${office.address}/admin/prices/video-cover`, { method, headers });
    assert.equal(answer.status, 403, method);
  }
});

test('a viewer sees every page, with a note and without a button that sends', async () => {
  const pages = [
    ...new Set(
      routes()
        .filter(({ method, path }) => method === 'GET' && !path.includes('*'))
        .map(({ path }) => path),
    ),
  ];
  let seen = 0;
  const others = ['/admin/sign-in', '/admin/events'];
  for (const page of pages.filter((path) => !path.startsWith('/admin/assets') && !others.includes(path))) {
    const { status, text, headers } = await viewer.get(filled(page));
    assert.ok(status < 500 && status !== 403, `${page}: ${status}`);
    if (status !== 200 || !headers.get('content-type')?.startsWith('text/html')) continue;
    seen += 1;
    assert.match(text, /You are a viewer/, page);
    for (const [form, action] of text.matchAll(/<form method="post" action="([^"]+)"[\s\S]*?<\/form>/g))
      if (!viewerActions.includes(action!)) assert.doesNotMatch(form, /<button(?! disabled)/, `${page}: ${action}`);
  }
  assert.ok(seen >= 7, `${seen} pages were looked at`);
});

test('a viewer sees sessions of his own only, and no address of others', async () => {
  await openBrowser(office.address).signIn();
  const { text } = await viewer.get('/admin/operators');
  const table = text.slice(text.indexOf('id="sessions"'));
  assert.match(table, /<th scope="row">viewer<\/th>/);
  assert.doesNotMatch(table, /<th scope="row">admin<\/th>/);
  assert.doesNotMatch(text, /end-others|New operator/);
});

test('in a locked form texts can be read, choices and buttons are off, and what only looks is untouched', async () => {
  const locked = String(
    await lockForms(
      html`<form role="search"><input name="q" /><button>Find</button></form>
        <form class="x" method="post" action="/admin/prices/1">
          <input type="hidden" name="formToken" value="t" /><input name="price" value="${'1 > 0 "'}" />
          <input type="checkbox" name="on" /><textarea name="t">a</textarea
          ><select></select>
          <button class="quiet">Save</button>
        </form>
        <p>${'<form method="post"><button>typed</button></form>'}</p>`,
    ),
  );
  assert.match(locked, /<input name="q" \/><button>Find/);
  assert.match(locked, /<input type="hidden" name="formToken" value="t" \/>/);
  assert.match(locked, /<input readonly name="price" value="1 &gt; 0 &quot;" \/>/);
  assert.match(locked, /<input disabled type="checkbox"/);
  assert.match(locked, /<textarea readonly name="t">a/);
  assert.match(locked, /<select disabled>/);
  assert.match(locked, /<button disabled class="quiet">/);
  assert.match(locked, /&lt;button&gt;typed/);
});

import { Hono } from 'hono';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { createSeal } from '../../secrets.ts';
import type { WebhookEndpointRow } from '../../store/schema.ts';
import { createAddressRules, type AddressRefusal } from '../../webhooks/address.ts';
import { createEndpoints, hostEvents } from '../../webhooks/endpoints.ts';
import { actorOf } from '../actor.ts';
import { checkForm, type Form, type Problems } from '../form.ts';
import type { NoticeKey, ProblemKey } from '../i18n/dictionary.ts';
import { showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { href, pager } from '../pieces/blocks.ts';
import { endpointView, webhookList, type WebhookEdit } from '../pieces/webhook-view.ts';
import { createSecretOnce } from '../secret-once.ts';
import { refusedPage } from './refused.ts';

const front = '/admin/webhooks';
const pageSize = 30;

const addressProblems: Record<AddressRefusal, ProblemKey> = {
  not_url: 'webhookUrl',
  not_https: 'webhookHttps',
  userinfo: 'webhookUrl',
  private_address: 'webhookPrivate',
};

type Edit = WebhookEdit & { status: 409 | 422 };

/** Where hosts are told what happens: endpoints, their secrets, and the log of what was sent. */
export function webhookPages({
  store,
  runtime,
  log,
  secret,
  publicUrl,
  webhookHosts = [],
}: AdminParts): Hono<AdminEnv> {
  const seal = createSeal(secret);
  const checkAddress = createAddressRules(webhookHosts);
  const endpoints = createEndpoints({ store, runtime, seal, checkAddress });
  const isHttps = publicUrl.startsWith('https:');
  const once = createSecretOnce({ path: front, seal, now: runtime.now, isHttps });
  const endpointSchema = z
    .object({
      url: z.string().trim().min(1, problem('webhookUrl')).max(2000, problem('webhookUrl')),
      ...Object.fromEntries(hostEvents.map((event) => [event, z.literal('on').optional()])),
    })
    .transform((form, context) => {
      const url = String(form.url);
      const place = checkAddress(url);
      if (typeof place === 'string')
        context.addIssue({ code: 'custom', path: ['url'], message: addressProblems[place] });
      const events = hostEvents.filter((event) => (form as Form)[event] === 'on');
      if (events.length === 0)
        context.addIssue({ code: 'custom', path: ['events'], message: problem('webhookEvents') });
      return { url: typeof place === 'string' ? url : place.url.href, events };
    });

  async function logOf(c: AdminContext, path: string, endpointId?: string) {
    const before = c.req.query('before');
    const query = { limit: pageSize + 1, ...(before && { before }), ...(endpointId && { endpointId }) };
    const found = await store.webhooks.deliveries(query);
    const deliveries = found.slice(0, pageSize);
    const links = pager(c.get('words'), {
      newest: before !== undefined && path,
      older: found.length > pageSize && href(path, { before: deliveries.at(-1)!.id }),
    });
    return { deliveries, links };
  }

  async function showList(c: AdminContext, edit?: Edit) {
    const { webhooks: words } = c.get('words');
    const [rows, sites, sent] = await Promise.all([store.webhooks.endpoints(), store.sites.list(), logOf(c, front)]);
    const body = webhookList(c, { endpoints: rows, sites, ...sent, edit });
    return showPage(c, { title: words.title, section: 'webhooks', body, status: edit?.status ?? 200 });
  }

  async function showOne(c: AdminContext, endpoint: WebhookEndpointRow, edit?: Edit) {
    const { webhooks: words } = c.get('words');
    const sent = await logOf(c, `${front}/${endpoint.id}`, endpoint.id);
    const body = endpointView(c, { endpoint, secret: once.take(c, endpoint.id), ...sent, edit });
    return showPage(c, { title: words.endpoint, section: 'webhooks', body, status: edit?.status ?? 200 });
  }

  async function create(c: AdminContext) {
    const form = c.get('form');
    const { value, problems } = checkForm(endpointSchema, form);
    const site = await store.sites.get(form['site'] ?? '');
    const faults: Problems = { ...problems, ...(!site && { site: 'webhookSite' as const }) };
    if (!value || !site) return showList(c, { form, problems: faults, status: 422 });
    const made = await endpoints.create({ ...value, siteId: site.id, actor: actorOf(c) });
    if (!made) return showList(c, { form, problems: { url: 'webhookTaken' }, status: 409 });
    log.info({ endpointId: made.id, siteId: site.id, by: actorOf(c) }, 'a webhook endpoint was created');
    once.keep(c, { of: made.id, secret: made.secret });
    return redirectWithNotice(c, `${front}/${made.id}`, 'webhookCreated');
  }

  async function update(c: AdminContext, endpoint: WebhookEndpointRow) {
    const form = c.get('form');
    const { value, problems } = checkForm(endpointSchema, form);
    if (!value) return showOne(c, endpoint, { form, problems, status: 422 });
    const wish = { ...value, id: endpoint.id, actor: actorOf(c), expectedUpdatedAt: Number(form['expectedUpdatedAt']) };
    if (!(await endpoints.update({ ...wish, expectedUpdatedAt: wish.expectedUpdatedAt || 0 })))
      return showOne(c, endpoint, { form, problems: { url: 'webhookConflict' }, status: 409 });
    return redirectWithNotice(c, `${front}/${endpoint.id}`, 'webhookSaved');
  }

  async function rotate(c: AdminContext, { id }: WebhookEndpointRow) {
    const { secret: made } = await endpoints.rotate({ id, actor: actorOf(c) });
    log.info({ endpointId: id, by: actorOf(c) }, 'a webhook secret is being rotated');
    once.keep(c, { of: id, secret: made });
    return redirectWithNotice(c, `${front}/${id}`, 'webhookRotated');
  }

  async function replay(c: AdminContext) {
    try {
      const { endpointId } = await endpoints.replay({ id: c.req.param('delivery') ?? '', actor: actorOf(c) });
      return redirectWithNotice(c, `${front}/${endpointId}`, 'webhookReplayed');
    } catch (fault) {
      if (fault instanceof AppError && fault.code === 'not_found')
        return refusedPage(c, { reason: 'notFound', status: 404 });
      throw fault;
    }
  }

  /** Runs `page` with the endpoint of the address, or says that there is none. */
  const withEndpoint =
    (page: (c: AdminContext, endpoint: WebhookEndpointRow) => Response | Promise<Response>) =>
    async (c: AdminContext) => {
      const endpoint = await store.webhooks.endpoint(c.req.param('id') ?? '');
      return endpoint ? page(c, endpoint) : refusedPage(c, { reason: 'notFound', status: 404 });
    };

  const deed = (notice: NoticeKey, work: (wish: { id: string; actor: string }) => Promise<unknown>) =>
    withEndpoint(async (c, { id }) => {
      await work({ id, actor: actorOf(c) });
      return redirectWithNotice(c, `${front}/${id}`, notice);
    });

  return new Hono<AdminEnv>()
    .get('/', (c) => showList(c))
    .post('/', create)
    .post('/deliveries/:delivery/replay', replay)
    .get('/:id', withEndpoint(showOne))
    .get('/:id/:form', (c) => c.redirect(`${front}/${encodeURIComponent(c.req.param('id'))}`, 303))
    .post('/:id/settings', withEndpoint(update))
    .post('/:id/rotation', withEndpoint(rotate))
    .post('/:id/rotation-end', deed('webhookRotationEnded', endpoints.finishRotation))
    .post(
      '/:id/disable',
      deed('webhookDisabled', (wish) => endpoints.setEnabled({ ...wish, enabled: false })),
    )
    .post(
      '/:id/enable',
      deed('webhookEnabled', (wish) => endpoints.setEnabled({ ...wish, enabled: true })),
    )
    .post('/:id/test', deed('webhookTested', endpoints.sendTest));
}

function problem(key: ProblemKey): string {
  return key;
}

import { expect } from '@open-wc/testing';
import type { CreateBatch } from '../../server/contract.ts';
import { finished, until } from '../testing/cover-page.ts';
import { onHost, type HostFrame, type HostWindow } from './host-frame.ts';

/** Enumerable, as old libraries added them. */
function addMethods({ Array, Object, String, Function: { prototype } }: HostWindow): void {
  const extra = { each: prototype, extend: prototype, first: prototype, title: 'polluted', kind: 'polluted' };
  Object.assign(Object.prototype, extra);
  Object.assign(Array.prototype, { ...extra, remove: prototype, include: prototype });
  Object.assign(String.prototype, extra);
}

/** As Prototype.js until 1.7: arrays become text inside JSON; and a JSON of its own that does the same. */
function addToJson({ Array, Object, JSON }: HostWindow): void {
  Object.defineProperty(Array.prototype, 'toJSON', { value: () => '[a text]', configurable: true });
  Object.defineProperty(Object.prototype, 'toJSON', { value: () => '{a text}', configurable: true });
  const own = JSON.stringify;
  JSON.stringify = ((meant: unknown, ...more: []) => own(meant, ...more)) as typeof own;
}

/** An old polyfill: knows no signal, and its answers have no stream. */
function patchFetch(window: HostWindow): void {
  const own = window.fetch;
  window.fetch = async (input, init) => {
    const { signal: _, ...rest } = init ?? {};
    if (String(input).endsWith('/v1/events')) throw new TypeError('Failed to fetch');
    const answer = await own(input, rest);
    return { ok: answer.ok, status: answer.status, text: () => answer.text(), json: () => answer.json() } as Response;
  };
}

async function makesACover(host: HostFrame): Promise<void> {
  const job = await host.order();
  expect(job.presetId).to.equal('cover-3x4');
  await host.move(job.id, finished(host.base));
  await until(() => host.find('video'), 7500);
}

describe('a host page with changed globals', () => {
  it(
    'Array, Object and String with more methods: a cover is made',
    onHost(async (host) => {
      addMethods(host.window);
      await host.load();
      await host.add();
      await makesACover(host);
      expect(host.cover.shadowRoot!.textContent).not.to.contain('polluted');
    }),
  );

  it(
    'arrays that turn into text inside JSON: orders of one and of many arrive as they were meant',
    onHost(async (host) => {
      addToJson(host.window);
      await host.load();
      await host.add({ modes: 'cover image-to-image' });
      await makesACover(host);
      const [order] = await host.seen('POST', '/v1/jobs');
      expect(JSON.parse(order!.body)).to.include({ presetId: 'cover-3x4', fit: 'crop' }).and.have.property('frame');
      await host.press('#tab-image-to-image');
      const words = await until(() => host.find<HTMLTextAreaElement>('textarea'));
      words.value = 'На стол';
      words.dispatchEvent(new Event('input', { bubbles: true }));
      await host.pick('.many-picker', 2);
      await host.press('[part=generate]:enabled');
      const batch = await until(async () => (await host.seen('POST', '/v1/batches'))[0]);
      expect((JSON.parse(batch.body) as CreateBatch).items.length).to.equal(2);
    }),
  );

  it(
    'a patched fetch without signals and streams: a cover is made',
    onHost(async (host) => {
      patchFetch(host.window);
      await host.load();
      await host.add();
      await makesACover(host);
    }),
  );

  it(
    'no crypto.randomUUID: every order has a key of its own',
    onHost(async (host) => {
      Object.defineProperty(host.window.crypto, 'randomUUID', { value: undefined });
      await host.load();
      await host.add();
      await makesACover(host);
      const [order] = await host.seen('POST', '/v1/jobs');
      expect(order!.key).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );

  it(
    'names of the document that are now elements: a cover is made',
    onHost(async (host) => {
      const names = [
        'baseURI',
        'body',
        'activeElement',
        'scripts',
        'currentScript',
        'cookie',
        'forms',
        'URL',
        'location',
      ];
      const ids = ['fetch', 'crypto', 'localStorage', 'customElements', 'server', 'panel', 'JSON', 'performance'];
      for (const name of names) {
        const form = host.document.createElement('form');
        form.name = name;
        host.document.documentElement.append(form);
      }
      for (const id of ids)
        host.document.documentElement.append(Object.assign(host.document.createElement('img'), { id }));
      expect(String(host.document.baseURI)).to.contain('Form');
      await host.load();
      const parent = host.document.querySelector('body')!;
      await host.add({ server: `/double/${host.world}`, 'token-url': `/double/${host.world}/token` }, parent);
      await makesACover(host);
    }),
  );

  it(
    'no adoptedStyleSheets: it works, unstyled',
    onHost(async (host) => {
      Reflect.deleteProperty(host.window.ShadowRoot.prototype, 'adoptedStyleSheets');
      Reflect.deleteProperty(host.window.Document.prototype, 'adoptedStyleSheets');
      await host.load();
      await host.add({ modes: 'cover library' });
      await makesACover(host);
      await host.press('#tab-library');
      await until(() => host.find('.tile[data-job]'));
    }),
  );

  it(
    'no observers of sizes and views: the library shows its clips',
    onHost(async (host) => {
      Object.assign(host.window, { ResizeObserver: undefined, IntersectionObserver: undefined });
      await host.load();
      await host.add({ modes: 'cover library' });
      await makesACover(host);
      await host.press('#tab-library');
      await until(() => host.find('.tile[data-job]'));
    }),
  );
});

import { expect } from '@open-wc/testing';
import { finished, until } from '../testing/cover-page.ts';
import { onHost } from './host-frame.ts';

const count = 200;
/** Quiet, it takes a quarter of this. */
const enoughMs = 7000;

describe('many widgets on one page', () => {
  it(
    'two hundred of one seller are ready in seconds, over one connection for news',
    onHost(async (host) => {
      await host.load();
      const all = Array.from({ length: count }, () => host.make());
      host.document.body.append(...all);
      const isReady = () => all.every((each) => each.shadowRoot?.querySelector('.balance'));
      await until(isReady, enoughMs);
      expect((await host.seen('GET', '/v1/session')).length).to.equal(count);
      expect((await host.seen('GET', '/v1/events')).length).to.equal(1);
      await host.set({ balance: 77 });
      await until(() => all.every((each) => each.shadowRoot!.querySelector('.balance')!.textContent!.includes('77')));
    }),
  );

  it(
    'the first of eight goes: another one takes the connection over, and a job of any is followed to its end',
    onHost(async (host) => {
      await host.load();
      const [first, ...others] = Array.from({ length: 8 }, () => host.make());
      host.document.body.append(first!);
      await until(async () => (await host.seen('GET', '/v1/events')).length === 1);
      host.document.body.append(...others);
      await until(() => others.every((each) => each.shadowRoot?.querySelector('.balance')));
      const job = await host.order();
      first!.remove();
      await until(async () => (await host.seen('GET', '/v1/events')).length === 2);
      await host.move(job.id, finished(host.base));
      await until(() => host.find('video'));
    }),
  );

  it(
    'two sellers on one page hear of their own only',
    onHost(async (host) => {
      await host.load();
      const [mine, theirs] = [
        host.make(),
        host.make({ server: `${host.base}-2`, 'token-url': `${host.base}-2/token` }),
      ];
      host.document.body.append(mine, theirs);
      await until(() => [mine, theirs].every((each) => each.shadowRoot?.querySelector('.balance')));
      await until(async () => (await host.seen('GET', '/v1/events')).length === 1);
      await host.set({ balance: 55 });
      await until(() => mine.shadowRoot!.querySelector('.balance')!.textContent!.includes('55'));
      expect(theirs.shadowRoot!.querySelector('.balance')!.textContent).to.include('100');
    }),
  );

  it(
    'it leaves no global on the page',
    onHost(async (host) => {
      const before = new Set(Object.getOwnPropertyNames(host.window));
      const hadMetadata = 'metadata' in host.window.Symbol;
      await host.load();
      await host.add({ modes: 'cover library' });
      await host.press('#tab-library');
      await until(() => host.find('.gallery'));
      expect(Object.getOwnPropertyNames(host.window).filter((name) => !before.has(name))).to.deep.equal([]);
      expect('metadata' in host.window.Symbol).to.equal(hadMetadata);
    }),
  );
});

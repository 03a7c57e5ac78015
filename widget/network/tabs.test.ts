import { expect } from '@open-wc/testing';
import { PendingOrderStore } from '../pending-order.ts';
import { CoverPage, finished, onPage, until } from '../testing/cover-page.ts';

/** A second tab of the same seller: same server, same storage. */
async function secondTab(first: CoverPage): Promise<CoverPage> {
  const second = new CoverPage();
  await second.open({ server: first.base, 'token-url': `${first.base}/token` });
  return second;
}

const created = (page: CoverPage) => page.named('cover-created').length;

describe('two tabs of one seller', () => {
  it(
    'see the job of each other, to its end, and one balance',
    onPage(async (page) => {
      await page.open();
      const second = await secondTab(page);
      try {
        await until(async () => (await page.seen('GET', '/v1/events')).length > 0);
        const id = await page.order();
        await page.move(id, { status: 'processing', stage: 'generating', progress: 40 });
        await page.set({ balance: 90 });
        await until(() => second.text('.badge').includes('40 %'));
        await until(() => second.text('[part=balance]') === 'Баланс: 90 токенов');
        await page.move(id, finished(page.base));
        await until(() => second.named('cover-completed').length === 1 && page.find('[part=player]'));
        expect(second.find('[part=player]'), 'what is done here is not pushed aside').to.equal(null);
      } finally {
        second.close();
      }
    }),
  );

  it(
    'send an order that has no answer yet under one key, and it is charged once',
    onPage(async (page) => {
      await page.set({ faults: [{ route: 'POST /v1/jobs', drop: true, holdMs: 700 }] });
      await page.open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(async () => (await page.seen('POST', '/v1/jobs')).length === 1);
      const second = await secondTab(page);
      try {
        await until(() => created(page) === 1 && created(second) === 1);
        const orders = await page.seen('POST', '/v1/jobs');
        expect(new Set(orders.map(({ key }) => key)).size).to.equal(1);
        expect(new Set([...page.named('cover-created'), ...second.named('cover-created')].map(idOf)).size).to.equal(1);
        expect(page.text('[part=balance]')).to.equal('Баланс: 90 токенов');
        expect(page.stored()).to.deep.equal([]);
      } finally {
        second.close();
      }
    }),
  );

  it('do not forget the unanswered order of each other', () => {
    const store = new PendingOrderStore({ server: 'http://x', siteId: 'tabs', userId: 'anna' });
    const order = (key: string) => ({ key, body: { presetId: 'cover-3x4', uploadId: 'u' }, madeAtMs: Date.now() });
    store.save(order('first'));
    store.save(order('second'));
    store.clear('first');
    expect(store.load()?.key).to.equal('second');
    store.clear('second');
    expect(store.load()).to.equal(undefined);
  });
});

const idOf = (detail: Record<string, unknown>) => (detail.job as { id: string }).id;

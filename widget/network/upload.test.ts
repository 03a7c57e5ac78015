import { expect } from '@open-wc/testing';
import { onPage, pngFile, until, type CoverPage } from '../testing/cover-page.ts';

const uploads = (page: CoverPage) => page.seen('POST', '/v1/uploads');
const orders = (page: CoverPage) => page.seen('POST', '/v1/jobs');
const created = (page: CoverPage) => page.named('cover-created').length;
const asksBeforeLeaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
/** Chromium itself repeats a request that was cut on a connection it had used before, so one cut may go unseen. */
const cut = { route: 'POST /v1/uploads', drop: true };
/** An answer that never comes while the test runs. */
const held = { route: 'POST /v1/uploads', holdMs: 60_000 };

/** The browser says that there is no network until `back` is called. */
function goOffline(): { back: () => void } {
  Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true });
  return {
    back() {
      Reflect.deleteProperty(navigator, 'onLine');
      window.dispatchEvent(new Event('online'));
    },
  };
}

describe('a picture on its way', () => {
  it(
    'is sent while the seller frames, once, and the order does not wait for it',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture();
      await until(async () => (await uploads(page)).length === 1);
      expect(asksBeforeLeaving()).to.equal(false);
      expect(await orders(page)).to.have.length(0);
      await page.press('[part=generate]');
      await until(() => created(page) === 1);
      expect(await uploads(page)).to.have.length(1);
    }),
  );

  it(
    'is stopped when another picture is picked, and the other one is ordered',
    onPage(async (page) => {
      await page.set({ faults: [held] });
      await page.open();
      await page.choosePicture(900, 1200);
      await until(async () => (await uploads(page)).length === 1);
      const file = await pngFile(1200, 1600, 'lamp.png');
      page.choose(file);
      await until(() => page.text('.preview .hint') === '1200 × 1600 пикс.');
      await page.press('[part=generate]');
      await until(() => created(page) === 1);
      const sent = await uploads(page);
      expect(sent).to.have.length(2);
      expect(sent[1]!.bytes).to.equal(file.size);
      expect(await orders(page)).to.have.length(1);
    }),
  );

  it(
    'that is slow shows how far it is, and can be called off by the seller',
    onPage(async (page) => {
      await page.set({ faults: [held] });
      await page.open();
      await page.choosePicture();
      await page.press('[part=generate]');
      expect(page.text('[part=stage]')).to.equal('Загрузка изображения…');
      await until(() => page.text('.percent') === '8 %');
      expect(asksBeforeLeaving()).to.equal(true);
      await page.press('.progress-panel .quiet');
      await until(() => page.find('.stage'));
      expect(asksBeforeLeaving()).to.equal(false);
      expect(page.named('cover-error')).to.deep.equal([]);
      await page.press('[part=generate]');
      await until(() => created(page) === 1);
      expect(await orders(page)).to.have.length(1);
    }),
  );

  it(
    'that is cut is taken up again without a question, also when only the answer was lost',
    onPage(async (page) => {
      await page.set({ faults: [cut, cut] });
      await page.open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(() => created(page) === 1);
      expect(await orders(page)).to.have.length(1);
      expect(page.named('cover-error')).to.deep.equal([]);
    }),
  );

  it(
    'waits without a request for as long as there is no network, and goes on at once when it is back',
    onPage(async (page) => {
      await page.set({ faults: Array.from({ length: 9 }, () => cut) });
      await page.open();
      const network = goOffline();
      let tried = 0;
      try {
        await page.choosePicture();
        await page.press('[part=generate]');
        await new Promise((resolve) => setTimeout(resolve, 300));
        tried = (await uploads(page)).length;
        await new Promise((resolve) => setTimeout(resolve, 1400));
        expect(await uploads(page)).to.have.length(tried);
        expect(page.text('[part=stage]')).to.equal('Загрузка изображения…');
        await page.set({ faults: [] });
      } finally {
        network.back();
      }
      await until(() => created(page) === 1, 900);
      expect(await uploads(page)).to.have.length(tried + 1);
    }),
  );

  it(
    'that the server refuses is said when the order needs it, and the order is not sent',
    onPage(async (page) => {
      const refusal = { route: 'POST /v1/uploads', status: 422, code: 'image_unreadable' };
      await page.set({ faults: [refusal, refusal] });
      await page.open();
      await page.choosePicture();
      await until(async () => (await uploads(page)).length === 1);
      expect(page.named('cover-error')).to.deep.equal([]);
      await page.press('[part=generate]');
      await until(() => page.named('cover-error')[0]?.code === 'image_unreadable');
      expect(await orders(page)).to.have.length(0);
    }),
  );

  it(
    'whose token was refused in the middle goes on with a new one',
    onPage(async (page) => {
      await page.open();
      await page.set({ revokeTokens: true });
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(() => created(page) === 1);
      expect(await page.seen('GET', '/token')).to.have.length(2);
      expect((await uploads(page)).length).to.be.at.most(2);
    }),
  );
});

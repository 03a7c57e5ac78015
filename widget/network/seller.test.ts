import { expect } from '@open-wc/testing';
import { finished, onPage, pastJob, pngFile, until, type CoverPage } from '../testing/cover-page.ts';

const boris = { revokeTokens: true, userId: 'boris', balance: 55 };
const isBoris = (page: CoverPage) => page.text('[part=balance]') === 'Баланс: 55 токенов' && page.find('.dropzone');

describe('another seller who signed in meanwhile', () => {
  it(
    'sees nothing of the first one: no picture, no job, no message, no open stream',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      await page.move(id, finished(page.base));
      await until(() => page.find('[part=player]'));
      await page.set({ ...boris, isStreamOff: true });
      await page.set({ isStreamOff: false, jobs: [{ ...pastJob(page.base, 1), id }] });
      await until(() => isBoris(page));
      expect(page.find('[part=player]')).to.equal(null);
      expect(page.find('.preview-picture')).to.equal(null);
      expect(page.find('[part=toast]')).to.equal(null);
      expect(page.element.shadowRoot!.activeElement).to.equal(null);
    }),
  );

  it(
    'is not given the answer to what the first one asked',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      await page.set({ faults: [{ route: 'POST /v1/jobs/:id/cancel', holdMs: 500 }] });
      await page.press('.progress-panel .plain');
      await until(async () => (await page.seen('POST', `/v1/jobs/${id}/cancel`)).length === 1);
      page.element.getToken = () => fetch(`${page.base}/token`).then(async (answer) => (await answer.json()).token);
      page.events.length = 0;
      await until(() => page.named('cover-ready').length === 1);
      const balance = page.text('[part=balance]');
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(page.named('balance-changed'), 'the refund of the first one').to.deep.equal([]);
      expect(page.text('[part=balance]')).to.equal(balance);
      expect(page.find('[part=toast]')).to.equal(null);
    }),
  );

  it(
    'does not find a picture that was still being read',
    onPage(async (page) => {
      await page.open();
      page.choose(await pngFile(3000, 3000));
      page.element.tokenUrl = `${page.base}/token?again`;
      await until(() => page.named('cover-ready').length === 2);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(page.find('.stage')).to.equal(null);
      expect(await page.seen('POST', '/v1/uploads')).to.deep.equal([]);
    }),
  );
});

import { expect } from '@open-wc/testing';
import { finished, onPage, until } from '../testing/cover-page.ts';

const unavailable = { route: 'GET /token', status: 503, code: 'unavailable' };

describe('the token endpoint of the host', () => {
  it(
    'that is slow keeps the skeleton, is asked once, and the widget then opens',
    onPage(async (page) => {
      const given = Promise.withResolvers<string>();
      let asked = 0;
      const token = async () => ((await (await fetch(`${page.base}/token`)).json()) as { token: string }).token;
      const element = document.createElement('kling-video-cover');
      element.server = page.base;
      element.getToken = () => ((asked += 1), given.promise);
      page.element = element;
      document.body.append(element);
      await until(() => page.find('[aria-busy=true]'));
      given.resolve(await token());
      await until(() => page.find('.balance'));
      expect(asked).to.equal(1);
    }),
  );

  it(
    'that fails at the first question is asked again when the network is back or the seller says so',
    onPage(async (page) => {
      await page.set({ faults: [unavailable, unavailable] });
      await page.open();
      expect(page.named('cover-error')).to.deep.equal([{ code: 'token_unavailable', facts: {} }]);
      window.dispatchEvent(new Event('online'));
      await until(() => page.named('cover-error').length === 2);
      await page.press('.broken button');
      await until(() => page.find('.balance'));
      expect(await page.seen('GET', '/token')).to.have.length(3);
    }),
  );

  it(
    'that fails in the middle of a job keeps the job, asks at a measured pace, and goes on when it answers',
    onPage(async (page) => {
      await page.open();
      const id = await page.order();
      const before = (await page.seen('GET', '/token')).length;
      await page.set({
        revokeTokens: true,
        isStreamOff: true,
        faults: Array.from({ length: 50 }, () => unavailable),
      });
      await until(async () => (await page.seen('GET', '/token')).length > before);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect((await page.seen('GET', '/token')).length - before).to.be.below(5);
      expect(page.text('[part=stage]')).to.equal('Генерация видео…');
      await page.set({ faults: [], isStreamOff: false });
      await page.move(id, finished(page.base));
      window.dispatchEvent(new Event('online'));
      await until(() => page.find('[part=player]'));
      expect(await page.seen('POST', '/v1/jobs')).to.have.length(1);
    }),
  );
});

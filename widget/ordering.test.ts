import { expect } from '@open-wc/testing';
import { onPage, pngFile, until } from './testing/cover-page.ts';

describe('an order', () => {
  it(
    'sends the bytes unchanged, then the frame, with a key',
    onPage(async (page) => {
      await page.open();
      const file = await pngFile(1200, 1200);
      page.choose(file);
      await page.press('[part=generate]:not(:disabled)');
      await until(() => page.named('cover-created').length > 0);
      const [upload] = await page.seen('POST', '/v1/uploads');
      expect(upload).to.include({ bytes: file.size, contentType: 'image/png' });
      const [order] = await page.seen('POST', '/v1/jobs');
      expect(JSON.parse(order!.body)).to.deep.include({
        fit: 'crop',
        frame: { x: 150, y: 0, width: 900, height: 1200 },
      });
      expect(order!.key).to.match(/^[0-9a-f-]{36}$/);
      expect(page.named('balance-changed')).to.deep.equal([{ balance: 90 }]);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'is one purchase however often the button is pressed',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture();
      const button = page.find('[part=generate]')!;
      for (let press = 0; press < 5; press += 1) button.click();
      await until(() => page.named('cover-created').length > 0);
      await page.press('.progress-panel .quiet');
      const again = await until(() => page.find('[part=generate]'));
      again.click();
      again.click();
      await until(() => page.named('cover-created').length === 2);
      expect(await page.seen('POST', '/v1/jobs')).to.have.length(2);
      expect(await page.seen('POST', '/v1/uploads')).to.have.length(1);
    }),
  );

  it(
    'warns against closing the page while the picture is on its way, and only then',
    onPage(async (page) => {
      await page.set({ faults: [{ route: 'POST /v1/uploads', holdMs: 300 }] });
      await page.open();
      await page.choosePicture();
      const asks = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
      expect(asks()).to.equal(false);
      await page.press('[part=generate]');
      expect(page.text('[part=stage]')).to.equal('Загрузка изображения…');
      expect(page.text('.warning')).to.equal('Не закрывайте страницу, пока изображение загружается');
      expect(asks()).to.equal(true);
      await expect(page.element).to.be.accessible();
      await until(() => page.named('cover-created').length > 0);
      expect(page.find('.warning')).to.equal(null);
      expect(asks()).to.equal(false);
    }),
  );

  it(
    'left unanswered by a reload is sent again with the same key and body',
    onPage(async (page) => {
      await page.set({ faults: [{ route: 'POST /v1/jobs', holdMs: 60_000, drop: true }] });
      await page.open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(async () => (await page.seen('POST', '/v1/jobs')).length === 1);
      page.close();
      expect(page.stored()).to.have.length(1);
      expect(page.stored().join()).not.to.match(/Bearer|eyJ/);
      await page.open();
      await until(() => page.named('cover-created').length > 0);
      const [first, second] = await page.seen('POST', '/v1/jobs');
      expect(second!.key).to.equal(first!.key);
      expect(second!.body).to.equal(first!.body);
      expect(page.stored()).to.deep.equal([]);
    }),
  );

  it(
    'whose answer was lost on the way is repeated and charged once',
    onPage(async (page) => {
      await page.set({ faults: [{ route: 'POST /v1/jobs', drop: true }] });
      await page.open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(() => page.named('cover-created').length > 0);
      expect(await page.seen('POST', '/v1/jobs')).to.have.length(2);
      expect(page.text('[part=balance]')).to.equal('Баланс: 90 токенов');
    }),
  );

  it(
    'that is refused is forgotten, and the picture stays',
    onPage(async (page) => {
      await page.set({
        faults: [
          { route: 'POST /v1/jobs', status: 402, code: 'insufficient_tokens', facts: { needed: 10, balance: 7 } },
        ],
      });
      await page.open();
      await page.choosePicture();
      await page.press('[part=generate]');
      await until(() => page.find('[part=toast]'));
      expect(page.text('[part=toast] p')).to.match(/нужно 10 токенов, у вас 7 токенов/);
      expect(page.stored()).to.deep.equal([]);
      expect(page.find('.stage')).not.to.equal(null);
    }),
  );

  it(
    'is stopped when the server sees another picture than the seller did',
    onPage(async (page) => {
      await page.set({ uploadSize: { width: 1200, height: 900 } });
      await page.open();
      await page.choosePicture(900, 1200);
      await page.press('[part=generate]');
      await until(() => page.named('cover-error').some((detail) => detail.code === 'recheck_frame'));
      expect(await page.seen('POST', '/v1/jobs')).to.have.length(0);
      expect(page.text('.preview .hint')).to.equal('675 × 900 пикс.');
    }),
  );

  it(
    'survives a token that the server no longer takes, with one question to the host',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture();
      await page.set({ revokeTokens: true });
      await page.press('[part=generate]');
      await until(() => page.named('cover-created').length > 0);
      expect(await page.seen('GET', '/token')).to.have.length(2);
    }),
  );

  it(
    'never reaches the account of another seller who signed in meanwhile',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture();
      await page.set({ revokeTokens: true, userId: 'someone-else', balance: 55 });
      await page.press('[part=generate]');
      await until(() => page.text('[part=balance]') === 'Баланс: 55 токенов' && page.find('.dropzone'));
      const refused = await page.seen('POST', '/v1/jobs');
      expect(refused.length, 'only as the first seller, whose token has ended').to.be.at.most(1);
      expect(page.named('cover-created')).to.deep.equal([]);
    }),
  );
});

import { expect } from '@open-wc/testing';
import { define } from './define.ts';
import { onPage, pastJob, until, pngFile } from './testing/cover-page.ts';

describe('<kling-video-cover> at start', () => {
  it(
    'shows price and balance, and says what is missing',
    onPage(async (page) => {
      await page.open();
      expect(page.text('[part=balance]')).to.equal('Баланс: 100 токенов');
      expect(page.text('[part=generate]')).to.equal('Сгенерировать видеообложку 10 токенов');
      expect(page.text('#why-not')).to.equal('Сначала выберите изображение');
      expect(page.named('cover-ready')).to.have.length(1);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'says how many tokens are missing and keeps the button off',
    onPage(async (page) => {
      await page.set({ balance: 4 });
      await page.open();
      await page.choosePicture();
      expect(page.text('#why-not')).to.equal('Не хватает 6 токенов');
      expect(page.find<HTMLButtonElement>('[part=generate]')!.disabled).to.equal(true);
    }),
  );

  it(
    'that fails is explained and can be repeated',
    onPage(async (page) => {
      await page.set({ faults: [{ route: 'GET /v1/session', status: 403, code: 'origin_not_allowed' }] });
      await page.open();
      expect(page.text('.broken p')).to.match(/поддержку сайта/);
      expect(page.named('cover-error')[0]).to.include({ code: 'origin_not_allowed' });
      await expect(page.element).to.be.accessible();
      await page.press('.broken button');
      await until(() => page.find('.dropzone'));
    }),
  );

  it(
    'asks for one token for all its requests',
    onPage(async (page) => {
      await page.open();
      await until(async () => (await page.seen('GET', '/v1/events')).length > 0);
      expect(await page.seen('GET', '/token')).to.have.length(1);
    }),
  );

  it(
    'survives being defined twice',
    onPage(async (page) => {
      define('https://elsewhere.example');
      define(undefined);
      await page.open();
      expect(page.find('.dropzone')).not.to.equal(null);
    }),
  );

  it(
    'speaks the language asked for, also when it is changed later',
    onPage(async (page) => {
      await page.open({ lang: 'en' });
      expect(page.text('[part=generate]')).to.match(/^Generate video cover/);
      page.element.lang = 'vi';
      await until(() => page.text('[part=generate]').startsWith('Tạo video bìa'));
    }),
  );

  it(
    'takes getToken instead of token-url',
    onPage(async (page) => {
      await page.open({ 'token-url': `${page.base}/nowhere` });
      expect(page.find('.broken')).not.to.equal(null);
      page.element.getToken = async () =>
        ((await (await fetch(`${page.base}/token`)).json()) as { token: string }).token;
      await until(() => page.find('.dropzone'));
    }),
  );

  it(
    'takes a picture from the page as if the seller had picked it',
    onPage(async (page) => {
      await page.open();
      await until(() => page.find('.dropzone'));
      page.element.pickFile(await pngFile(900, 1200));
      await until(() => page.find('[part~=frame]'));
    }),
  );

  it(
    'takes a picture that came before it was ready, once it is',
    onPage(async (page) => {
      const picture = await pngFile(900, 1200);
      const opening = page.open();
      expect(page.find('.dropzone') === null).to.equal(true);
      page.element.pickFile(picture);
      await opening;
      await until(() => page.find('[part~=frame]'));
    }),
  );

  it(
    'is readable in the dark too',
    onPage(async (page) => {
      await page.open({ theme: 'dark' });
      expect(getComputedStyle(page.element).colorScheme).to.equal('dark');
      await page.choosePicture();
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'waits for attributes that are set after the element is on the page',
    onPage(async (page) => {
      page.element = document.createElement('kling-video-cover');
      document.body.append(page.element);
      page.element.setAttribute('server', page.base);
      page.element.tokenUrl = `${page.base}/token`;
      await until(() => page.find('.dropzone'));
      expect(await page.seen('GET', '/v1/session')).to.have.length(1);
    }),
  );

  it(
    'renews a refused token once for requests that were refused together',
    onPage(async (page) => {
      await page.set({ jobs: [pastJob(page.base, 1), pastJob(page.base, 2)] });
      await page.open({ history: '1' });
      await until(() => page.find('.card'));
      await page.set({ revokeTokens: true, balance: 77 });
      page.element.lang = 'en';
      page.element.history = 2;
      await until(() => page.findAll('.card').length === 2 && page.text('[part=balance]') === 'Balance: 77 tokens');
      expect(await page.seen('GET', '/v1/session')).to.have.length(3);
      expect(await page.seen('GET', '/token')).to.have.length(2);
    }),
  );
});

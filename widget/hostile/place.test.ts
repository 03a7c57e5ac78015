import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { finished, until } from '../testing/cover-page.ts';
import { onHost, type HostFrame } from './host-frame.ts';

const cruelCss = `* { all: unset !important } kling-video-cover * { display: none !important; color: transparent !important }`;

/** As a sheet of the page's own; its policy allows no style element. */
function addCss({ window, document }: HostFrame, css: string): void {
  const sheet = new window.CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}

async function movedAway(host: HostFrame): Promise<void> {
  host.cover.remove();
  await new Promise((resolve) => setTimeout(resolve, 30));
  host.document.body.append(host.cover);
  await host.ready();
}

describe('a widget in a hostile place', () => {
  it(
    'CSS that unsets everything leaves it readable and usable',
    onHost(async (host) => {
      await host.load();
      addCss(host, cruelCss);
      await host.add();
      const { window } = host;
      const button = host.find('[part=generate]')!;
      const panel = window.getComputedStyle(host.find('.panel')!);
      expect(panel.borderTopStyle).to.equal('solid');
      expect(window.getComputedStyle(button).minHeight).to.equal('52px');
      expect(window.getComputedStyle(button).color).not.to.equal('rgba(0, 0, 0, 0)');
      expect(host.find('.panel')!.getBoundingClientRect().width).to.be.greaterThan(600);
      await host.order();
    }),
  );

  it(
    'inside a form: nothing submits it, Enter neither, and its data know nothing of the widget',
    onHost(async (host) => {
      await host.load();
      const form = host.document.createElement('form');
      form.append(Object.assign(host.document.createElement('input'), { name: 'own', value: '1' }));
      host.document.body.append(form);
      let submits = 0;
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        submits += 1;
      });
      const fields = {
        scenes: '.product-form input',
        'text-to-image': '.kind-form textarea',
        library: '[type=search]',
      };
      await host.add({ modes: `cover ${Object.keys(fields).join(' ')}` }, form);
      host.window.focus();
      form.querySelector('input')!.focus();
      await sendKeys({ press: 'Enter' });
      await host.press('[part=dropzone]');
      for (const [mode, selector] of Object.entries(fields)) {
        await host.press(`#tab-${mode}`);
        const field = await until(() => host.find<HTMLInputElement>(selector));
        field.focus();
        await sendKeys({ type: 'a' });
        await sendKeys({ press: 'Enter' });
        expect(field.value).to.match(/^a\s*$/);
        for (const button of host.cover.shadowRoot!.querySelectorAll<HTMLElement>('.mode button:enabled'))
          button.click();
      }
      expect([submits, [...new FormData(form).keys()]]).to.deep.equal([1, ['own']], 'once, by the field of the page');
    }),
  );

  it(
    'inside another shadow root: a cover is made, and the page hears of it',
    onHost(async (host) => {
      await host.load();
      const root = host.document.createElement('section').attachShadow({ mode: 'closed' });
      host.document.body.append(root.host);
      const heard: string[] = [];
      host.document.addEventListener('cover-created', (event) => heard.push(event.type));
      await host.add({ modes: 'cover library' }, root);
      await host.order();
      await host.press('#tab-library');
      await until(() => host.find('.tile[data-job]'));
      expect(heard).to.deep.equal(['cover-created']);
    }),
  );

  it(
    'from right to left and larger: nothing sticks out, and the frame goes where it is moved',
    onHost(async (host) => {
      await host.load();
      host.document.documentElement.dir = 'rtl';
      host.document.documentElement.style.zoom = '1.5';
      await host.add({ modes: 'cover library' });
      await host.pick('.picker', 1, { width: 1600, height: 1200 });
      const frame = await until(() => host.find('.frame'));
      const stage = host.find('.stage')!.getBoundingClientRect();
      const before = frame.getBoundingClientRect();
      frame.dispatchEvent(
        new host.window.KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true }),
      );
      await host.cover.updateComplete;
      const after = frame.getBoundingClientRect();
      expect(after.left).to.be.greaterThan(before.left);
      expect(after.right).to.be.at.most(stage.right + 1);
      expect(after.left - stage.left).to.be.greaterThan(0);
      const { scrollWidth, clientWidth } = host.document.documentElement;
      expect(scrollWidth).to.be.at.most(clientWidth);
    }),
  );

  it(
    'moved to another place while a job is under way: the job goes on and is shown to its end',
    onHost(async (host) => {
      await host.load();
      await host.add();
      const job = await host.order();
      host.document.body.append(host.document.createElement('main'));
      host.document.querySelector('main')!.append(host.cover);
      await host.ready();
      await until(() => host.find('.detail'));
      await host.move(job.id, finished(host.base));
      await until(() => host.find('video'));
      expect((await host.seen('POST', '/v1/jobs')).length).to.equal(1);
    }),
  );

  it(
    'removed while the order is being sent, and put back: the same order is asked for again, and bought once',
    onHost(async (host) => {
      await host.load();
      await host.set({ faults: [{ route: 'POST /v1/jobs', holdMs: 400 }] });
      await host.add();
      await host.choosePicture();
      await host.press('[part=generate]');
      await until(async () => (await host.seen('POST', '/v1/jobs')).length === 1);
      await movedAway(host);
      await until(() => host.find('.detail'));
      const keys = (await host.seen('POST', '/v1/jobs')).map(({ key }) => key);
      expect([keys.length, new Set(keys).size, (await host.jobs()).length]).to.deep.equal([2, 1, 1]);
    }),
  );

  it(
    'removed while a picture is being sent, and put back: nothing is ordered, and the next order is one',
    onHost(async (host) => {
      await host.load();
      await host.set({ faults: [{ route: 'POST /v1/uploads', holdMs: 400 }] });
      await host.add();
      await host.choosePicture();
      await host.press('[part=generate]');
      await until(async () => (await host.seen('POST', '/v1/uploads')).length === 1);
      await movedAway(host);
      await until(() => host.find('.dropzone'));
      expect(await host.seen('POST', '/v1/jobs')).to.deep.equal([]);
      await host.order();
      expect((await host.seen('POST', '/v1/jobs')).length).to.equal(1);
    }),
  );

  it(
    'hidden while it works and shown again: the clip is there, and a library that was hidden is drawn',
    onHost(async (host) => {
      await host.load();
      await host.add({ modes: 'cover library' });
      const job = await host.order();
      host.cover.style.display = 'none';
      await host.move(job.id, finished(host.base));
      await until(() => host.find('video'));
      await host.press('#tab-library');
      host.cover.style.display = '';
      const tile = await until(() => host.find('.tile[data-job]'));
      await until(() => tile.getBoundingClientRect().height > 50);
    }),
  );

  for (const [first, second] of [
    ['classic', 'esm'],
    ['esm', 'classic'],
    ['classic', 'classic'],
  ] as const) {
    it(
      `two builds on one page, ${first} and then ${second}: the first one serves, with its own modes`,
      onHost(async (host) => {
        await host.load(first);
        const Served = host.window.customElements.get('kling-video-cover');
        await host.load(second, '?v=2');
        expect(host.window.customElements.get('kling-video-cover')).to.equal(Served);
        await host.add({ modes: 'cover text-to-image' });
        await host.press('#tab-text-to-image');
        await until(() => host.find('.kind-form'));
      }),
    );
  }
});

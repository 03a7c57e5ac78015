import { expect } from '@open-wc/testing';
import { pngFile, until } from './testing/cover-page.ts';
import { allPresets } from './testing/presets.ts';

let worldCount = 0;

/** Loads the built script on a page with the strictest policy; answers the frame's window. */
async function openStrictPage(as: 'classic' | 'module' | 'esm', more: Record<string, string> = {}) {
  const frame = document.createElement('iframe');
  const world = `csp-${as}-${(worldCount += 1)}-${Date.now()}`;
  await fetch(`/double/${world}/~set`, { method: 'POST', body: JSON.stringify({ presets: allPresets }) });
  frame.src = `/strict/${world}/?${new URLSearchParams({ as, ...more })}`;
  document.body.append(frame);
  const violations: string[] = [];
  await new Promise((resolve) => frame.addEventListener('load', resolve));
  frame.contentDocument!.addEventListener('securitypolicyviolation', (event) =>
    violations.push(event.violatedDirective),
  );
  const cover = frame.contentDocument!.querySelector('kling-video-cover')!;
  return { frame, cover, violations };
}

describe('the built script on a page with a strict policy', () => {
  for (const as of ['classic', 'module', 'esm'] as const) {
    it(`works as ${as}, styled, without a violation`, async () => {
      const { frame, cover, violations } = await openStrictPage(as);
      const zone = await until(() => cover.shadowRoot?.querySelector('.dropzone'));
      expect(getComputedStyle(zone).borderTopStyle).to.equal('dashed');
      expect(cover.shadowRoot!.querySelector('[part=generate]')!.textContent).to.match(/Сгенерировать видеообложку/);
      const transfer = new DataTransfer();
      transfer.items.add(await pngFile(1200, 1200));
      const picker = cover.shadowRoot!.querySelector<HTMLInputElement>('.picker')!;
      picker.files = transfer.files;
      picker.dispatchEvent(new Event('change'));
      const crop = await until(() => cover.shadowRoot!.querySelector<HTMLElement>('.frame'));
      expect(crop.style.left).to.equal('12.5%');
      cover.shadowRoot!.querySelector<HTMLElement>('[part=generate]')!.click();
      await until(() => cover.shadowRoot!.querySelector('.detail'));
      expect(cover.shadowRoot!.querySelector('[style]:not(.frame)')).to.equal(null);
      expect(violations).to.deep.equal([]);
      frame.remove();
    });
  }

  for (const as of ['classic', 'module', 'esm'] as const) {
    it(`loads its other modes as ${as} from beside itself, and asks again when they did not come`, async () => {
      const { frame, cover, violations } = await openStrictPage(as, { modes: 'cover text-to-image', flaky: '' });
      const root = await until(() => cover.shadowRoot?.querySelector('.dropzone') && cover.shadowRoot);
      root.querySelector<HTMLElement>('#tab-text-to-image')!.click();
      const again = await until(() => root.querySelector<HTMLElement>('.broken button'));
      again.click();
      const form = await until(() => root.querySelector('.kind-form'));
      expect(getComputedStyle(form).position).to.equal('sticky');
      expect(form.querySelector('[part=generate]')!.textContent).to.match(/Создать картинку/);
      expect(root.querySelector('.broken')).to.equal(null);
      expect(violations).to.deep.equal([]);
      frame.remove();
    });

    it(`speaks Vietnamese as ${as}, which is loaded when it is needed`, async () => {
      const { frame, cover, violations } = await openStrictPage(as, { lang: 'vi' });
      await until(() => cover.shadowRoot?.querySelector('[part=generate]')?.textContent?.includes('Tạo video bìa'));
      expect(violations).to.deep.equal([]);
      frame.remove();
    });
  }

  it('works as esm with a query, though its modes then bring a copy of what they share', async () => {
    const { frame, cover } = await openStrictPage('esm', { modes: 'text-to-image', query: '?v=2' });
    const form = await until(() => cover.shadowRoot?.querySelector('.kind-form'));
    expect(form.querySelector('textarea')).not.to.equal(null);
    frame.remove();
  });
});

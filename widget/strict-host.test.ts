import { expect } from '@open-wc/testing';
import { pngFile, until } from './testing/cover-page.ts';

/** Loads the built script on a page with the strictest policy; answers the frame's window. */
async function openStrictPage(as: 'classic' | 'module' | 'esm') {
  const frame = document.createElement('iframe');
  frame.src = `/strict/csp-${as}-${Date.now()}/?as=${as}`;
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
});

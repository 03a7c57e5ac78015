import { expect } from '@open-wc/testing';
import { until } from './testing/cover-page.ts';

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
      expect(violations).to.deep.equal([]);
      frame.remove();
    });
  }
});

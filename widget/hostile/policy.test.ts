import { expect } from '@open-wc/testing';
import { until } from '../testing/cover-page.ts';
import { onHost, type HostFrame } from './host-frame.ts';

/** Each tab, and what is there when it is drawn. */
const shownBy = {
  cover: '.dropzone',
  scenes: '.product-form',
  'text-to-image': '.kind-form',
  'image-to-image': '.kind-form [part=dropzone]',
  'text-to-video': '.kind-form',
  'image-to-video': '.kind-form [part=dropzone]',
  library: '.gallery',
};
const modes = Object.keys(shownBy).join(' ');

async function showEveryMode(host: HostFrame): Promise<void> {
  await host.ready();
  for (const [mode, selector] of Object.entries(shownBy)) {
    await host.press(`#tab-${mode}`);
    await until(() => host.find(selector));
    expect(host.find('[style]')).to.equal(null);
  }
}

describe('a host page that requires Trusted Types', () => {
  it(
    'allows lit-html: every mode of the ES module is drawn, without a breach or a style attribute',
    onHost(showEveryMode, { as: 'esm', modes, trusted: 'lit-html' }),
  );

  for (const as of ['classic', 'module'] as const) {
    it(
      `allows lit-html and its duplicates: every mode of the script tag is drawn as ${as}, without a breach`,
      onHost(showEveryMode, { as, modes, trusted: "lit-html 'allow-duplicates'" }),
    );
  }

  it(
    'allows lit-html once: the script tag makes covers, for which it loads nothing more',
    onHost(
      async (host) => {
        await host.ready();
        await host.order();
      },
      { as: 'classic', trusted: 'lit-html' },
    ),
  );
});

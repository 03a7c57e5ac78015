import { expect } from '@open-wc/testing';
import { onPage, until } from './testing/cover-page.ts';
import { videoPreset } from './testing/presets.ts';

describe('presets', () => {
  const ten = { ...videoPreset, id: 'ten', title: 'Ozon 3:4', seconds: 10, tokensCost: 18 };

  it(
    'are a choice when the page names several',
    onPage(async (page) => {
      await page.set({ presets: [videoPreset, ten] });
      await page.open({ presets: 'ten cover-3x4 unknown' });
      expect(page.text('[part=generate]')).to.match(/18 токенов$/);
      await page.choosePicture();
      await expect(page.element).to.be.accessible();
      const [, second] = page.findAll('.preset input');
      second!.click();
      await page.element.updateComplete;
      expect(page.text('[part=generate]')).to.match(/10 токенов$/);
    }),
  );

  it(
    'one named preset is taken, also when it is named later',
    onPage(async (page) => {
      await page.set({ presets: [videoPreset, ten] });
      await page.open();
      expect(page.find('.presets')).to.equal(null);
      page.element.preset = 'ten';
      await page.element.updateComplete;
      await until(() => page.text('[part=generate]').endsWith('18 токенов'));
    }),
  );

  it(
    'a padded picture is sent whole',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture(1200, 1200);
      page.findAll('.segmented input')[1]!.click();
      await page.element.updateComplete;
      expect(page.text('.preview .hint')).to.equal('1200 × 1600 пикс.');
      await page.press('[part=generate]');
      await until(() => page.named('cover-created').length > 0);
      const [order] = await page.seen('POST', '/v1/jobs');
      expect(JSON.parse(order!.body)).to.deep.include({ fit: 'pad' }).and.not.have.property('frame');
    }),
  );
});

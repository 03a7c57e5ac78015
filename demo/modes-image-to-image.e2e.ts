import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardOf, generationMs, shownSize, useDemo } from './modes-testing.ts';
import { dropPhoto } from './testing.ts';

const words = 'Put the cup on a wooden table';

describe('a picture from a photo, in the demo', { timeout: 240_000 }, () => {
  const { open, jobs, balance } = useDemo();

  it('a dropped photo and words become a new picture that is still there after a reload, in English', async () => {
    const { page, widget, faults } = await open('/image-to-image?lang=en');
    await widget.getByText('Your pictures will appear here').waitFor();
    const create = widget.getByRole('button', { name: /Create picture/ });
    await widget.getByLabel('Describe the change').fill(words);
    assert.ok(await create.isDisabled(), 'nothing can be bought without a photo');
    await dropPhoto(page, '/photos/mug.jpg');
    await widget.getByRole('img', { name: 'This part of the photo will be used' }).waitFor();
    await create.click();
    await page
      .locator('header [data-balance]')
      .getByText(/99\stokens/)
      .waitFor();
    await page.reload();

    const card = cardOf(widget, words, 'Ready');
    await card.waitFor({ timeout: generationMs });
    const [job, ...others] = await jobs();
    assert.deepEqual(others, []);
    assert.deepEqual([job!.kind, job!.aspectRatio, job!.provider], ['image-to-image', '1:1', 'kie']);
    assert.ok(job!.source, 'the record keeps the photo');
    const { width, height } = job!.image!;
    assert.deepEqual(await shownSize(card.locator('img')), { width, height });
    assert.equal(width, height);
    assert.equal(await balance(), 99);
    assert.deepEqual(faults, []);
    await page.close();
  });
});

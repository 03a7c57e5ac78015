import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardOf, generationMs, playedSize, savedClip, useDemo } from './modes-testing.ts';

const words = 'Máy quay đi chậm quanh chiếc ba lô';

describe('a video from a photo, in the demo', { timeout: 240_000 }, () => {
  const { open, jobs, balance } = useDemo();

  it("the shop's photo becomes a square clip of ten seconds that plays by keyboard, in Vietnamese", async () => {
    const { page, widget, faults } = await open('/image-to-video?lang=vi');
    await widget.getByText('Video của bạn sẽ hiện ở đây').waitFor();
    await page.getByRole('button', { name: /Dùng thử.*Ba lô/ }).click();
    await widget.getByRole('img', { name: 'Phần ảnh này sẽ được dùng' }).waitFor();
    await widget.getByLabel('Mô tả chuyển động').fill(words);
    await widget.getByRole('button', { name: /^Cài đặt/ }).click();
    await widget.getByRole('radio', { name: /1:1/ }).check();
    await widget.getByRole('radio', { name: /10 giây/ }).check();
    const create = widget.getByRole('button', { name: /Tạo video/ });
    assert.match(await create.innerText(), /2\stoken$/, 'ten seconds cost one token more');
    await create.click();

    const card = cardOf(widget, words, 'Xong');
    await card.waitFor({ timeout: generationMs });
    const [job] = await jobs();
    assert.deepEqual([job!.aspectRatio, job!.seconds, job!.tokensCost], ['1:1', 10, 2]);
    const { width, height } = job!.video!;
    assert.equal(width, height);
    await card.locator('[data-act=play]').focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await playedSize(page, card.locator('video')), { width, height });
    const clip = await savedClip(page, card.locator('[data-act=download]'));
    assert.deepEqual([clip.width, clip.height], [width, height]);
    assert.ok(Math.abs(clip.seconds - 10) < 0.3, `${clip.seconds} s`);
    assert.equal(await balance(), 98);
    assert.deepEqual(faults, []);
    await page.close();
  });
});

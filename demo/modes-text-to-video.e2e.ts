import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardOf, generationMs, playedSize, savedClip, useDemo } from './modes-testing.ts';

const words = 'Волны набегают на каменный берег на закате';

describe('a video from words, in the demo', { timeout: 240_000 }, () => {
  const { open, jobs, balance } = useDemo();

  it('an empty page becomes a clip that plays under the pointer and downloads in the chosen shape', async () => {
    const { page, widget, faults } = await open('/text-to-video');
    await widget.getByText('Здесь появятся ваши видео').waitFor();
    await widget.getByLabel('Опишите видео').fill(words);
    await widget.getByRole('button', { name: /^Настройки/ }).click();
    await widget.getByRole('radio', { name: /16:9/ }).check();
    await widget.getByRole('button', { name: /Создать видео/ }).click();

    const card = cardOf(widget, words, 'Готово');
    await card.waitFor({ timeout: generationMs });
    const [job] = await jobs();
    const { width, height } = job!.video!;
    assert.ok(Math.abs(width / height - 16 / 9) < 0.02, `${width} × ${height}`);
    await card.hover();
    assert.deepEqual(await playedSize(page, card.locator('.tile-clip')), { width, height });
    const clip = await savedClip(page, card.locator('[data-act=download]'));
    assert.match(clip.name, /\.mp4$/);
    assert.deepEqual([clip.width, clip.height, clip.audioTracks], [width, height, 0]);
    assert.ok(Math.abs(clip.seconds - 5) < 0.3);
    assert.equal(await balance(), 99);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('a clip that fails says why on its card, and its token is back', async () => {
    const { page, widget, faults } = await open('/text-to-video');
    await widget.getByLabel('Опишите видео').fill('Дождь [[sim:fail]]');
    await widget.getByRole('button', { name: /Создать видео/ }).click();
    const card = cardOf(widget, 'Дождь [[sim:fail]]', 'Ошибка');
    await card.getByText(/1\sтокен возвращён/).waitFor({ timeout: generationMs });
    await page
      .locator('header [data-balance]')
      .getByText(/99\sтокенов/)
      .waitFor();
    assert.equal(await balance(), 99);
    assert.deepEqual(faults, []);
    await page.close();
  });
});

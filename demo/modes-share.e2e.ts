import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardOf, generationMs, playedSize, useDemo } from './modes-testing.ts';

const words = 'Камера обходит рюкзак';
const otherWords = 'Рюкзак стоит под дождём';

describe('what can be done with a finished clip, in the demo', { timeout: 280_000 }, () => {
  const { open, jobs, upload, order, finished, balance } = useDemo();

  it('a public link shows the clip to anybody until it is ended, and there is code for a shop', async () => {
    await order({ presetId: 'image-to-video', uploadId: await upload('backpack'), prompt: words }, 'share-test');
    await finished();
    const { page, widget, faults } = await open('/library');
    const card = cardOf(widget, words, 'Готово');
    await card.hover();
    await card.getByRole('button', { name: 'Поделиться' }).click();
    const link = widget.getByLabel('Открытая ссылка');
    await link.waitFor();
    const address = await link.inputValue();
    assert.match(await widget.getByLabel('Код для страницы магазина').inputValue(), /<video muted/);

    const buyer = await open(address);
    const [job] = await jobs();
    const { width, height } = job!.video!;
    await buyer.page.locator('video').evaluate((video: HTMLVideoElement) => {
      video.muted = true;
      return video.play();
    });
    assert.deepEqual(await playedSize(buyer.page, buyer.page.locator('video')), { width, height });
    const preview = await buyer.page.locator('meta[property="og:video"]').getAttribute('content');
    const answer = await fetch(preview!);
    assert.equal(answer.headers.get('content-type'), 'video/mp4');
    await answer.arrayBuffer();

    await widget.getByRole('button', { name: 'Закрыть ссылку' }).click();
    await widget.getByText('Ссылка закрыта').first().waitFor();
    const again = await buyer.page.reload();
    assert.ok([404, 410].includes(again!.status()), `${again!.status()}`);
    assert.deepEqual([...faults, ...buyer.faults], []);
    await Promise.all([page.close(), buyer.page.close()]);
  });

  it('a variant from the same photo stands beside the first clip, and one of them is kept', async () => {
    const { page, widget, faults } = await open('/library');
    const card = cardOf(widget, words, 'Готово');
    await card.hover();
    await card.getByRole('button', { name: 'Варианты' }).click();
    const dialog = widget.locator('dialog[open]');
    await dialog.getByLabel('Слова для нового варианта').fill(otherWords);
    await dialog.getByRole('button', { name: /Сделать вариант/ }).click();
    const versions = dialog.locator('[data-version]');
    await versions.nth(1).waitFor();
    await versions.nth(1).locator('video').waitFor({ timeout: generationMs });
    await page.evaluate(() => {
      addEventListener('cover-chosen', (event) => {
        document.title = (event as CustomEvent<{ job: { prompt: string } }>).detail.job.prompt;
      });
    });
    const newest = (await jobs())[0]!;
    assert.deepEqual([newest.prompt, newest.source?.width], [otherWords, (await jobs())[1]!.source?.width]);
    await dialog
      .locator(`[data-version="${newest.id}"]`)
      .getByRole('button', { name: 'Использовать это видео' })
      .click();
    await page.waitForFunction((title) => document.title === title, otherWords);
    assert.equal(await balance(), 98);
    assert.deepEqual(faults, []);
    await page.close();
  });
});

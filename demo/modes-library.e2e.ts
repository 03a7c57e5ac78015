import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardOf, playedSize, savedClip, shownSize, useDemo } from './modes-testing.ts';

const vase = 'Синяя ваза на подоконнике';
const apples = 'Корзина яблок на траве';
const lake = 'Туман над горным озером';

describe('the library, in the demo', { timeout: 240_000 }, () => {
  const { open, jobs, order, finished } = useDemo();

  it('shows what arrives, filters by kind, searches, plays, downloads and deletes', async () => {
    const { page, widget, faults } = await open('/library');
    await widget.getByText('Здесь пока пусто').waitFor();
    await order({ presetId: 'text-to-image', prompt: vase }, 'library-test-vase');
    await order({ presetId: 'kling-text-to-image', prompt: apples }, 'library-test-apples');
    await order({ presetId: 'text-to-video', prompt: lake, groupName: 'Озёра', groupId: 'lakes' }, 'library-test-lake');
    const cards = widget.locator('.tile[data-job]');
    await cards.nth(2).waitFor();
    await finished();
    for (const words of [vase, apples, lake]) await cardOf(widget, words, 'Готово').waitFor();

    await widget.getByRole('radio', { name: 'Картинка по описанию' }).check();
    await cardOf(widget, lake, 'Готово').waitFor({ state: 'detached' });
    assert.equal(await cards.count(), 2);
    const [, picture] = await jobs();
    const { width, height } = picture!.image!;
    assert.deepEqual(await shownSize(cardOf(widget, apples, 'Готово').locator('img')), { width, height });
    await widget.getByRole('searchbox').fill('ВАЗА');
    await cardOf(widget, apples, 'Готово').waitFor({ state: 'detached' });
    await cardOf(widget, vase, 'Готово').waitFor();

    await widget.getByRole('radio', { name: 'Всё', exact: true }).check();
    await widget.getByRole('searchbox').fill('');
    await widget.getByRole('radio', { name: /Озёра/ }).check();
    await cardOf(widget, vase, 'Готово').waitFor({ state: 'detached' });
    const clip = cardOf(widget, lake, 'Готово');
    await clip.hover();
    const size = await playedSize(page, clip.locator('.tile-clip'));
    assert.ok(Math.abs(size.width / size.height - 9 / 16) < 0.02);
    const file = await savedClip(page, clip.locator('[data-act=download]'));
    assert.deepEqual([file.width, file.height], [size.width, size.height]);

    await clip.getByRole('button', { name: 'Удалить' }).click();
    await clip.getByRole('button', { name: 'Удалить' }).click();
    await widget.locator('.empty').getByText('Ничего не нашлось').waitFor();
    await widget.getByRole('button', { name: 'Показать всё' }).click();
    await cardOf(widget, vase, 'Готово').waitFor();
    assert.deepEqual(
      (await jobs()).map(({ prompt }) => prompt),
      [apples, vase],
    );
    assert.deepEqual(faults, []);
    await page.close();
  });
});

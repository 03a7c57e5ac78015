import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generationMs, photoPath, playedSize, useDemo } from './modes-testing.ts';

describe('many photos in one order, in the demo', { timeout: 240_000 }, () => {
  const { open, jobs, balance } = useDemo();

  it('says the price before anything is spent, keeps to the limit, and shows one line for all', async () => {
    const { page, widget, faults } = await open('/image-to-video');
    await widget.locator('input.many-picker').setInputFiles(['mug', 'serum', 'backpack'].map(photoPath));
    await widget.getByText('3 фото одним заказом').waitFor();
    await widget.getByLabel('Опишите движение').fill('Камера медленно приближается');
    await widget.getByRole('button', { name: 'Загрузить 3 фото' }).click();
    await widget
      .locator('.batch-money')
      .getByText(/3 фото: 3\sтокена/)
      .waitFor();
    assert.deepEqual([await balance(), await jobs()], [100, []], 'the price costs nothing');
    await widget.getByLabel('Потратить не больше, токенов').fill('2');
    await widget.getByText(/хватает на 2 из 3/).waitFor();
    await widget.getByRole('button', { name: /^Заказать 2/ }).click();

    await widget
      .locator('.batch-said')
      .getByText(/Готово 2 из 2, не заказано: 1/)
      .waitFor({ timeout: generationMs });
    await page
      .locator('header [data-balance]')
      .getByText(/98\sтокенов/)
      .waitFor();
    const made = await jobs();
    assert.deepEqual(
      made.map(({ status, tokensCost }) => [status, tokensCost]),
      [
        ['completed', 1],
        ['completed', 1],
      ],
    );
    assert.equal(new Set(made.map(({ groupId }) => groupId)).size, 1);
    const card = widget.locator('.tile[data-job]').first();
    await card.hover();
    const { width, height } = await playedSize(page, card.locator('video'));
    assert.equal(width * 4, height * 3);
    assert.deepEqual(faults, []);
    await page.close();
  });
});

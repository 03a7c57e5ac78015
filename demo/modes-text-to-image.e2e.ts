import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cardOf, generationMs, savedPicture, shownSize, useDemo } from './modes-testing.ts';

const words = 'Кружка на дубовом столе у окна';

describe('a picture from words, in the demo', { timeout: 240_000 }, () => {
  const { open, jobs, balance } = useDemo();

  it('an empty page becomes a picture in its true size, downloads as PNG and costs one token', async () => {
    const { page, widget, faults } = await open('/text-to-image');
    await widget.getByText('Здесь появятся ваши картинки').waitFor();
    const create = widget.getByRole('button', { name: /Создать картинку/ });
    assert.ok(await create.isDisabled(), 'nothing can be bought without words');
    await widget.getByLabel('Опишите картинку').fill(words);
    await widget.getByRole('button', { name: /^Настройки/ }).click();
    await widget.getByRole('radio', { name: /3:4/ }).check();
    assert.match(await create.innerText(), /1\sтокен$/);
    await create.click();
    await page
      .locator('header [data-balance]')
      .getByText(/99\sтокенов/)
      .waitFor();

    const card = cardOf(widget, words, 'Готово');
    await card.waitFor({ timeout: generationMs });
    const [job] = await jobs();
    assert.deepEqual([job!.kind, job!.aspectRatio, job!.provider], ['text-to-image', '3:4', 'kie']);
    const { width, height } = job!.image!;
    assert.ok(Math.abs(width / height - 3 / 4) < 0.03, `${width} × ${height}`);
    assert.deepEqual(await shownSize(card.locator('img')), { width, height });

    await card.hover();
    const file = await savedPicture(page, card.locator('[data-act=download]'));
    assert.match(file.name, /\.png$/);
    assert.deepEqual(file, { name: file.name, format: 'png', width, height });
    assert.equal(await balance(), 99);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('words that the rules forbid are refused at the form, and nothing is charged', async () => {
    const { page, widget, faults } = await open('/text-to-image?lang=vi');
    await widget.getByLabel('Mô tả bức ảnh').fill('Khiêu dâm');
    await widget.getByRole('button', { name: /Tạo ảnh/ }).click();
    await widget.getByRole('alert').getByText('Không thể đặt nội dung chữ này ở đây').waitFor();
    assert.equal(await widget.getByLabel('Mô tả bức ảnh').inputValue(), 'Khiêu dâm');
    assert.equal(await balance(), 99);
    assert.equal((await jobs()).length, 1);
    assert.deepEqual(faults, []);
    await page.close();
  });
});

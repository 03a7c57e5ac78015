import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generationMs, playedSize, useDemo } from './modes-testing.ts';

describe('scenes of a product, in the demo', { timeout: 280_000 }, () => {
  const { open, jobs, balance } = useDemo();

  it('a name and a photo become three ideas, two of them clips of one group; one is made again, one deleted', async () => {
    const { page, widget, faults } = await open('/scenes');
    await widget.getByLabel('Как называется товар?').fill('Кружка «Утро»');
    await widget.getByRole('button', { name: 'Придумать сцены' }).click();
    const scenes = widget.getByRole('article');
    await scenes.nth(2).waitFor();
    assert.equal(await scenes.count(), 3);
    assert.equal(await widget.getByText('Сервис идей не ответил').count(), 0, 'the ideas are those of the service');

    await scenes.first().getByLabel('Название сцены').fill('Утро на кухне');
    await widget.getByRole('checkbox', { name: 'Сцена 1' }).check();
    await widget.getByRole('checkbox', { name: 'Сцена 3' }).check();
    const film = widget.getByRole('button', { name: /Снять 2 сцены/ });
    assert.ok(await film.isDisabled(), 'nothing can be bought without a photo');
    await page.getByRole('button', { name: /Попробовать.*Кружка/ }).click();
    await widget.getByRole('img', { name: 'Будет взята эта часть фото' }).waitFor();
    assert.match(await film.innerText(), /20\sтокенов$/);
    await film.click();
    await page
      .locator('header [data-balance]')
      .getByText(/80\sтокенов/)
      .waitFor();

    await scenes.locator('video').nth(1).waitFor({ timeout: generationMs });
    const made = await jobs();
    assert.equal(made.length, 2);
    assert.deepEqual(new Set(made.map(({ groupId }) => groupId)).size, 1);
    assert.ok(
      made.some(({ title }) => title === 'Утро на кухне'),
      'the edited title is kept',
    );
    const clip = scenes.locator('video').first();
    await clip.evaluate((video: HTMLVideoElement) => video.play());
    const size = await playedSize(page, clip);
    assert.equal(size.width * 4, size.height * 3);

    await scenes
      .nth(2)
      .getByRole('button', { name: /Попробовать ещё раз/ })
      .click();
    await page
      .locator('header [data-balance]')
      .getByText(/70\sтокенов/)
      .waitFor();
    await scenes.nth(2).locator('video').waitFor({ timeout: generationMs });
    assert.equal((await jobs()).length, 3);

    await scenes.first().getByRole('button', { name: 'Удалить' }).click();
    await scenes.first().getByRole('button', { name: 'Удалить' }).click();
    await scenes.first().locator('video').waitFor({ state: 'detached' });
    const left = await jobs();
    assert.deepEqual(
      left.map(({ title }) => title === 'Утро на кухне'),
      [false, false],
    );
    assert.equal(await balance(), 70);
    assert.deepEqual(faults, []);
    await page.close();
  });
});

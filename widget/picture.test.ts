import { expect } from '@open-wc/testing';
import { onPage, pngFile, until } from './testing/cover-page.ts';

describe('picking a picture', () => {
  it(
    'shows the frame and what will be sent',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture(1200, 1200);
      expect(page.text('.preview .hint')).to.equal('900 × 1200 пикс.');
      expect(page.find<HTMLButtonElement>('[part=generate]')!.disabled).to.equal(false);
      await expect(page.element).to.be.accessible();
    }),
  );

  it(
    'tells an iPhone owner what to do about HEIC',
    onPage(async (page) => {
      await page.open();
      page.choose(new File(['x'], 'IMG_1.HEIC', { type: '' }));
      await until(() => page.find('[part=toast]'));
      expect(page.text('[part=toast] p')).to.match(/HEIC.*JPEG.*Настройки/);
    }),
  );

  for (const [what, code, file] of [
    ['a text file', 'unsupported_media_type', () => new File(['x'], 'a.txt', { type: 'text/plain' })],
    ['a damaged picture', 'image_unreadable', () => new File(['x'], 'a.png', { type: 'image/png' })],
    ['a small picture', 'image_too_small', () => pngFile(299, 900)],
    ['a long picture', 'image_ratio', () => pngFile(300, 1500)],
  ] as const) {
    it(
      `refuses ${what} before a byte is sent`,
      onPage(async (page) => {
        await page.open();
        page.choose(await file());
        await until(() => page.named('cover-error').length > 0);
        expect(page.named('cover-error')[0]).to.include({ code });
        expect(await page.seen('POST', '/v1/uploads')).to.have.length(0);
      }),
    );
  }

  it(
    'takes one picture from a paste, and refuses two',
    onPage(async (page) => {
      await page.open();
      const paste = (files: File[]) => {
        const clipboardData = new DataTransfer();
        files.forEach((file) => clipboardData.items.add(file));
        // Firefox takes no clipboard from a script.
        const event = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData });
        page.find('.dropzone')!.dispatchEvent(event);
      };
      paste([await pngFile(600, 800), await pngFile(600, 800)]);
      await until(() => page.named('cover-error').some((detail) => detail.code === 'one_picture'));
      paste([await pngFile(600, 800)]);
      await until(() => page.find('.stage'));
    }),
  );

  it(
    'moves the frame by keys and says where it is',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture(1600, 1200);
      const frame = await until(() => page.find('.frame'));
      const before = page.text('#frame-place');
      frame.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true, cancelable: true }));
      await page.element.updateComplete;
      expect(page.text('#frame-place')).not.to.equal(before);
      expect(page.text('[aria-live]')).to.equal(page.text('#frame-place'));
    }),
  );

  it(
    'drags the frame by a pointer',
    onPage(async (page) => {
      await page.open();
      await page.choosePicture(1600, 1200);
      const frame = await until(() => page.find('.frame'));
      frame.setPointerCapture = () => undefined;
      const pointer = (type: string, clientX: number) =>
        frame.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX, clientY: 10, button: 0, bubbles: true }));
      pointer('pointerdown', 100);
      pointer('pointermove', -3000);
      pointer('pointerup', -3000);
      await page.element.updateComplete;
      expect(page.text('#frame-place')).to.match(/слева 0, сверху 0/);
    }),
  );
});

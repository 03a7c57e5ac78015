import { expect } from '@open-wc/testing';
import { onPage, pngFile, until } from './testing/cover-page.ts';

/** As the browser does: from the focused element, through shadow roots. Firefox takes no clipboard from a script. */
function paste(target: Element, files: File[]): Event {
  const clipboardData = new DataTransfer();
  files.forEach((file) => clipboardData.items.add(file));
  const event = Object.assign(new Event('paste', { bubbles: true, cancelable: true, composed: true }), {
    clipboardData,
  });
  target.dispatchEvent(event);
  return event;
}

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

  for (const [lang, setting] of [
    ['en', 'Settings → Camera → Formats → Most Compatible'],
    ['ru', 'Настройки → Камера → Форматы → Наиболее совместимые'],
    ['vi', 'Cài đặt → Camera → Định dạng → Tương thích nhất'],
  ] as const) {
    it(
      `says what to do about HEIC and other types (${lang}) before a byte is sent`,
      onPage(async (page) => {
        await page.open({ lang });
        page.choose(new File(['x'], 'IMG_1.HEIC', { type: '' }));
        await until(() => page.text('[part=toast] p').includes(setting));
        expect(page.text('[part=toast] p')).to.match(/HEIC.*JPEG/);
        page.choose(new File(['x'], 'mug.avif', { type: 'image/avif' }));
        await until(() => /JPEG, PNG .* WebP/.test(page.text('[part=toast] p')));
        expect(await page.seen('POST', '/v1/uploads')).to.have.length(0);
      }),
    );
  }

  it(
    'from a phone comes from its camera or its gallery, and from Safari as a JPEG',
    onPage(async (page) => {
      await page.open();
      const input = page.find<HTMLInputElement>('.picker')!;
      expect(input.accept).to.equal('image/jpeg,image/png,image/webp,android/allowCamera');
      expect(input.hasAttribute('capture')).to.equal(false);
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
    'takes one picture from a paste inside, and refuses two',
    onPage(async (page) => {
      await page.open();
      paste(page.find('.dropzone')!, [await pngFile(600, 800), await pngFile(600, 800)]);
      await until(() => page.named('cover-error').some((detail) => detail.code === 'one_picture'));
      expect(paste(page.find('.dropzone')!, [await pngFile(600, 800)]).defaultPrevented).to.equal(true);
      await until(() => page.find('.stage'));
    }),
  );

  it(
    'leaves to the page what is pasted elsewhere, and what the page has taken already',
    onPage(async (page) => {
      await page.open();
      const field = document.body.appendChild(document.createElement('input'));
      const file = new File(['x'], 'a.txt', { type: 'text/plain' });
      expect(paste(field, [file]).defaultPrevented).to.equal(false);
      field.remove();
      expect(paste(document.body, [file]).defaultPrevented).to.equal(false);
      const faults: string[] = [];
      const note = ({ message }: ErrorEvent) => faults.push(message);
      window.addEventListener('error', note, { once: true });
      document.dispatchEvent(new Event('paste'));
      window.removeEventListener('error', note);
      expect(faults).to.deep.equal([]);
      const zone = page.find('.dropzone')!;
      page.element.addEventListener('paste', (event) => event.preventDefault(), { once: true });
      paste(zone, [file]);
      paste(zone, [file]);
      await until(() => page.named('cover-error').length > 0);
      await page.element.updateComplete;
      expect(page.named('cover-error')).to.have.length(1);
    }),
  );

  it(
    'shows where a dragged picture may be dropped, and lets dragged text pass',
    onPage(async (page) => {
      await page.open();
      const panel = page.find('.panel')!;
      const drag = (type: string, dataTransfer: DataTransfer) => {
        const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
        page.find('.dropzone')!.dispatchEvent(event);
        return event.defaultPrevented;
      };
      const text = new DataTransfer();
      text.setData('text/plain', 'mug');
      expect([drag('dragover', text), panel.matches('.over')]).to.deep.equal([false, false]);
      const files = new DataTransfer();
      files.items.add(await pngFile(600, 800));
      expect([drag('dragover', files), panel.matches('.over')]).to.deep.equal([true, true]);
      expect(getComputedStyle(panel).outlineStyle).to.equal('dashed');
      drag('dragleave', files);
      expect(panel.matches('.over')).to.equal(false);
      drag('dragover', files);
      drag('drop', files);
      expect(panel.matches('.over')).to.equal(false);
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
      expect(page.text('[role=status]')).to.equal(page.text('#frame-place'));
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

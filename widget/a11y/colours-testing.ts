/** Colours as they are seen, and their contrast. */
import { ask } from './chrome-testing.ts';

/** Red, green, blue: 0 to 255. */
export type Rgb = readonly [number, number, number];

function pixelOf(picture: CanvasImageSource, x: number, y: number): Rgb {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')!;
  context.drawImage(picture, -Math.round(x), -Math.round(y));
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red!, green!, blue!];
}

/** What a colour of the widget's style sheet comes to, over its surface; also one that is half transparent. */
export function paint(element: Element, colour: string): Rgb {
  const probe = document.createElement('span');
  element.shadowRoot!.querySelector('.panel')!.append(probe);
  const resolved = (value: string) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')!;
  for (const layer of ['var(--_surface)', colour]) {
    context.fillStyle = resolved(layer);
    context.fillRect(0, 0, 1, 1);
  }
  probe.remove();
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red!, green!, blue!];
}

/** WCAG 2.2, "relative luminance". */
function luminanceOf(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** WCAG 2.2, "contrast ratio": 1 to 21. */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [high, low] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

/** The element as it is on the screen; answers its colour at a share of its width and height. */
export async function look(element: Element): Promise<(x: number, y: number) => Rgb> {
  const { left, top, width, height } = element.getBoundingClientRect();
  const clip = { x: left + scrollX, y: top + scrollY, width, height, scale: 1 };
  const { data } = await ask<{ data: string }>('Page.captureScreenshot', { clip, captureBeyondViewport: true });
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  return (x, y) => pixelOf(picture, x * (picture.width - 1), y * (picture.height - 1));
}

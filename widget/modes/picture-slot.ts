/** The square of a form that takes the seller's picture and shows what of it will be sent. */
import { html } from 'lit';
import type { Draft } from '../draft.ts';
import { icon } from '../parts/icon.ts';
import { openPicker } from '../parts/upload-zone.ts';
import { modeIcon } from './icons.ts';
import type { ModeHost } from './mode.ts';

interface PictureSlotView {
  host: ModeHost;
  framing: Draft;
  /** Whether the frame is being chosen. */
  isFraming: boolean;
  toggleFraming: () => void;
  /** Left out: one picture, which is needed. */
  add?: { label: string; open: (event: Event) => void };
}

/** The mode draws the preview into `.sent-picture` after each drawing. */
export function pictureSlot({ host, framing, isFraming, toggleFraming, add }: PictureSlotView) {
  const { texts, common } = host;
  if (!framing.picture) {
    return html`<button type="button" class="picture-slot" part="dropzone" @click=${add?.open ?? openPicker}>
      ${icon('picture')}<span>${add?.label ?? texts.addPicture}</span>
    </button>`;
  }
  return html`<div class="picture-slot filled" role="group" aria-label=${texts.pictureName}>
    <canvas class="sent-picture" role="img" aria-label=${texts.pictureSent}></canvas>
    <button
      type="button"
      class="tool frame-tool"
      aria-expanded=${isFraming}
      aria-label=${common.frame}
      title=${common.frame}
      @click=${toggleFraming}
    >
      ${modeIcon('crop')}
    </button>
    <button
      type="button"
      class="tool remove-tool"
      aria-label=${texts.removePicture}
      title=${texts.removePicture}
      @click=${() => framing.clear()}
    >
      ${icon('close')}
    </button>
  </div>`;
}

/** The empty state: pick, drop or paste one picture. */
import { html } from 'lit';
import type { Session } from '../../server/contract.ts';
import { icon } from './icon.ts';
import type { View } from './view.ts';

/** Whole megabytes, for limits. */
const megabytes = (bytes: number) => Math.round(bytes / 1_048_576);
const formatName = (type: string) => type.replace('image/', '').toUpperCase();

export function uploadZone({ texts, cover }: View) {
  const { contentTypes, maxBytes } = cover.session!.upload;
  return html`<div class="dropzone" part="dropzone">
    <span class="medallion">${icon('picture')}</span>
    <p class="lead">${texts.drop}</p>
    <button class="button quiet" data-focus @click=${openPicker}>${texts.pick}</button>
    <p class="hint wide-only">${texts.orPaste}</p>
    <p class="hint">${texts.fileLimits(contentTypes.map(formatName).join(', '), megabytes(maxBytes))}</p>
  </div>`;
}

/**
 * For `accept`. No HEIC: Safari then makes a JPEG of it (macOS 17.6; on iPhones always; zenn.dev/kou_pg_0131, 2025-02-17).
 * No `capture`, which leaves the gallery out. The last word is no type: with pictures alone Chrome on Android 14 and later
 * opens a gallery that has no camera (crbug 40937303). All read 2026-11-20.
 */
export const accepted = (session: Session | undefined): string =>
  [...(session?.upload.contentTypes ?? []), 'android/allowCamera'].join();

/** The hidden file input; it stays in the tree so that "other picture" can open it too. */
export const filePicker = ({ texts, cover }: View, pick: (files: readonly File[]) => void) =>
  html`<input
    type="file"
    class="picker"
    tabindex="-1"
    aria-hidden="true"
    aria-label=${texts.pick}
    accept=${accepted(cover.session)}
    @change=${(event: Event) => {
      const input = event.target as HTMLInputElement;
      const files = [...(input.files ?? [])];
      input.value = '';
      if (files.length > 0) pick(files);
    }}
  />`;

/** For a button inside the widget: opens the file dialog. */
export function openPicker(event: Event): void {
  const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot;
  root.querySelector<HTMLInputElement>('.picker')?.click();
}

/** Files from a drop or a paste; empty when it carried none, so that text goes where the host wants it. */
export const filesIn = (transfer: DataTransfer | null): File[] => [...(transfer?.files ?? [])];

/** True while files, not text, are being dragged. */
export const carriesFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes('Files') ?? false;

/** The choice between modes, as tabs (WAI-ARIA APG, "Tabs with automatic activation", read 2026-11-20). */
import { html, nothing } from 'lit';
import type { ModeName } from '../mode-list.ts';
import type { View } from './view.ts';

/** What the mode is called, as tab and as heading. */
export const modeTitle = ({ texts }: View, mode: ModeName): string =>
  mode === 'cover' ? texts.title : texts.modes[mode];

interface TabsSetup {
  modes: readonly ModeName[];
  shown: ModeName;
  choose: (mode: ModeName) => void;
}

/** Nothing for a single mode. */
export function tabs(view: View, { modes, shown, choose }: TabsSetup) {
  if (modes.length < 2) return nothing;
  return html`<div class="tabs" role="tablist" aria-label=${view.texts.title} @keydown=${onKey}>
    ${modes.map(
      (mode) =>
        html`<button
          class="tab"
          role="tab"
          part="tab"
          id="tab-${mode}"
          aria-selected=${mode === shown}
          aria-controls="mode-panel"
          tabindex=${mode === shown ? 0 : -1}
          @click=${() => choose(mode)}
        >
          ${modeTitle(view, mode)}
        </button>`,
    )}
  </div>`;
}

function onKey(event: KeyboardEvent): void {
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const at = all.indexOf(event.target as HTMLButtonElement);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const next = step && all.at((at + step) % all.length);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

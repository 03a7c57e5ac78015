/** Plays clips on their cards: muted, one at a time, over the poster. Under reduced motion only when asked. */
import { html, nothing } from 'lit';
import type { Job } from '../../../server/contract.ts';

/** A pointer that only passes by starts nothing. */
const lingerMs = 150;

/** One a gallery. */
export class InlinePlayer {
  readonly #changed: () => void;
  readonly #failed: (id: string) => void;
  #id: string | undefined;
  #isAsked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ changed, failed }: { changed: () => void; failed: (id: string) => void }) {
    this.#changed = changed;
    this.#failed = failed;
  }

  plays(id: string): boolean {
    return this.#id === id;
  }

  /** The pointer or the focus has come: plays soon. */
  attend(id: string): void {
    clearTimeout(this.#timer);
    if (this.#id === id || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.#timer = setTimeout(() => this.#set(id, false), lingerMs);
  }

  /** The pointer or the focus has gone; what was asked for plays on. */
  leave(id: string): void {
    clearTimeout(this.#timer);
    if (this.#id === id && !this.#isAsked) this.#set(undefined, false);
  }

  /** The seller asked for it. */
  toggle(id: string): void {
    clearTimeout(this.#timer);
    this.#set(this.#id === id ? undefined : id, true);
  }

  /** Stops this one, or whichever plays. */
  stop(id = this.#id): void {
    clearTimeout(this.#timer);
    if (id !== undefined && this.#id === id) this.#set(undefined, false);
  }

  render(job: Job) {
    if (this.#id !== job.id || !job.video) return nothing;
    return html`<video
      class="tile-clip"
      part="player"
      loop
      playsinline
      autoplay
      disablepictureinpicture
      aria-hidden="true"
      tabindex="-1"
      .muted=${true}
      src=${job.video.url}
      @loadeddata=${(event: Event) => (event.target as HTMLElement).classList.add('ready')}
      @error=${() => this.#onError(job.id)}
    ></video>`;
  }

  #onError(id: string): void {
    this.stop(id);
    this.#failed(id);
  }

  #set(id: string | undefined, isAsked: boolean): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#isAsked = isAsked;
    this.#changed();
  }
}

/** Pictures that never look broken: when one does not load the next best stands in, at last an icon. */
import { html } from 'lit';
import type { Job } from '../../../server/contract.ts';
import { icon } from '../../parts/icon.ts';
import { isClip, isExpired } from './job-facts.ts';

/** Addresses that did not load; a renewed link is another address and is tried again. */
const mostRemembered = 300;

/** One a gallery. */
export class Stills {
  readonly #bad = new Set<string>();
  readonly #failed: (id: string) => void;

  /** `failed` is told each picture that did not load. */
  constructor(failed: (id: string) => void) {
    this.#failed = failed;
  }

  /** The job as a picture: its result or first frame, else the photo it was made from, at last an icon. */
  render(job: Job) {
    const clip = job.source || isExpired(job) ? undefined : job.video?.url;
    // A clip from words has no picture of its own but in its file; the browser shows that frame without playing.
    if (clip !== undefined && !this.#bad.has(clip))
      return html`<video
        src="${clip}#t=0.05"
        preload="metadata"
        tabindex="-1"
        aria-hidden="true"
        .muted=${true}
        playsinline
        @error=${() => this.#onError(job.id, clip)}
      ></video>`;
    const picture = isExpired(job) ? undefined : job.image?.url;
    const urls = [job.video?.posterUrl, picture, job.source?.url];
    const url = urls.find((each) => each !== undefined && !this.#bad.has(each));
    if (!url) return icon(isClip(job) ? 'video' : 'picture');
    return html`<img src=${url} alt="" decoding="async" @error=${() => this.#onError(job.id, url)} />`;
  }

  #onError(id: string, url: string): void {
    if (this.#bad.size >= mostRemembered) this.#bad.clear();
    this.#bad.add(url);
    this.#failed(id);
  }
}

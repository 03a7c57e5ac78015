/** Registration, apart from the class. */
import { KlingVideoCover } from './element.ts';

/** The tag. */
export const tagName = 'kling-video-cover';

/** Defines the tag once; a second copy of the script, or a server without a DOM, changes nothing. */
export function define(serverOrigin: string | undefined): void {
  if (typeof customElements === 'undefined' || customElements.get(tagName)) return;
  if (serverOrigin) KlingVideoCover.defaultServer = serverOrigin;
  customElements.define(tagName, KlingVideoCover);
}

declare global {
  interface HTMLElementTagNameMap {
    'kling-video-cover': KlingVideoCover;
  }
}

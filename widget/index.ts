/** The ES module: defines `<kling-video-cover>` (its only side effect) and exports the class and its types. */
import { define } from './define.ts';
import { originOf } from './server-origin.ts';

export { KlingVideoCover } from './element.ts';
export type { CoverEventDetails, CoverEventMap, CoverEventName } from './events.ts';

define(originOf(import.meta.url));

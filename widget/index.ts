/** The ES module: defines `<kling-video-cover>` (its only side effect) and exports the class and its types. */
import { define } from './define.ts';
import { setDictionary } from './i18n/i18n.ts';
import { setModes } from './mode-slot.ts';
import { originOf } from './server-origin.ts';

export { KlingVideoCover } from './element.ts';
export type { CoverEventDetails, CoverEventMap, CoverEventName } from './events.ts';

setDictionary({
  en: () => import('./i18n/en.ts'),
  ru: () => import('./i18n/ru.ts'),
  vi: () => import('./i18n/vi.ts'),
});
setModes(() => import('./modes/index.ts'));
define(originOf(import.meta.url));

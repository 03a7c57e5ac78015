/** The entry of the script-tag build, for `<script src>` with and without `type="module"`. */
import { define } from './define.ts';
import { en } from './i18n/en.ts';
import { setDictionary } from './i18n/i18n.ts';
import { ru } from './i18n/ru.ts';
import { setModes } from './mode-slot.ts';
import { originOf, scriptTagUrl } from './server-origin.ts';

const url = globalThis.document && scriptTagUrl();

/** A classic script knows no relative imports: what is loaded later is found beside the script itself. */
const beside = (name: string) => import(/* @vite-ignore */ new URL(name, url ?? document.baseURI).href);

setDictionary({
  en,
  ru,
  vi: () => beside('kling-video-cover.vi.js') as Promise<typeof import('./i18n/vi.ts')>,
});
setModes(() => beside('kling-video-cover.modes.js') as Promise<typeof import('./modes/index.ts')>);
define(url && originOf(url));

/** The entry of the script-tag build, for `<script src>` with and without `type="module"`. */
import { define } from './define.ts';
import { en } from './i18n/en.ts';
import { setDictionary } from './i18n/i18n.ts';
import { ru } from './i18n/ru.ts';
import { vi } from './i18n/vi.ts';
import { originOfScriptTag } from './server-origin.ts';

setDictionary({ en, ru, vi });
define(globalThis.document ? originOfScriptTag() : undefined);

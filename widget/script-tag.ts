/** The entry of the script-tag build, for `<script src>` with and without `type="module"`. */
import { define } from './define.ts';
import { originOfScriptTag } from './server-origin.ts';

define(typeof document === 'undefined' ? undefined : originOfScriptTag());

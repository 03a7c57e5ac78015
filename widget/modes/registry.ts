/** Which class makes which mode. */
import type { LoadedMode } from '../mode-list.ts';
import { KindMode } from './kinds/kind-mode.ts';
import { LibraryMode } from './library/library-mode.ts';
import type { Mode, ModeHost } from './mode.ts';
import { ScenesMode } from './scenes/scenes-mode.ts';

/** A new mode of the seller the host stands for. */
export function makeMode(name: LoadedMode, host: ModeHost): Mode {
  switch (name) {
    case 'scenes':
      return new ScenesMode(host);
    case 'library':
      return new LibraryMode(host);
    default:
      return new KindMode(host, name);
  }
}

/** All styles of the modes; adopted by the shadow root of the element, after those of the mode `cover`. */
import { sheetOf } from '../styles/sheet.ts';
import { kindStyles } from './styles/kind.ts';
import { biggerViewStyles } from './styles/bigger-view.ts';
import { batchStyles } from './styles/batch.ts';
import { galleryStyles } from './styles/gallery.ts';
import { libraryStyles } from './styles/library.ts';
import { scenesStyles } from './styles/scenes.ts';
import { shareStyles } from './styles/share.ts';
import { variantsStyles } from './styles/variants.ts';

export const modeSheet = sheetOf([
  kindStyles,
  galleryStyles,
  biggerViewStyles,
  libraryStyles,
  scenesStyles,
  shareStyles,
  variantsStyles,
  batchStyles,
]);

/** All styles of the modes; adopted by the shadow root of the element, after those of the mode `cover`. */
import { css } from 'lit';
import { kindStyles } from './styles/kind.ts';
import { biggerViewStyles } from './styles/bigger-view.ts';
import { galleryStyles } from './styles/gallery.ts';
import { libraryStyles } from './styles/library.ts';
import { scenesStyles } from './styles/scenes.ts';

export const modeStyles = css`
  ${kindStyles} ${galleryStyles} ${biggerViewStyles} ${libraryStyles} ${scenesStyles}
`;

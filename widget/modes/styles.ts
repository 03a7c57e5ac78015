/** All styles of the modes; adopted by the shadow root of the element, after those of the mode `cover`. */
import { css } from 'lit';
import { kindStyles } from './styles/kind.ts';
import { galleryStyles } from './styles/gallery.ts';
import { scenesStyles } from './styles/scenes.ts';

export const modeStyles = css`
  ${kindStyles} ${galleryStyles} ${scenesStyles}
`;

import type { Titles } from '../store/schema.ts';

/** A look that a seller may add to an order: words for the end of the prompt, and a small picture to choose it by. */
export interface Style {
  id: string;
  titles: Titles;
  /** English, because the services understand it best. */
  fragment: string;
}

/** The looks on offer; `server/http/styles/<id>.svg` shows each. A new one is a line here and a picture there. */
export const styles: readonly Style[] = [
  {
    id: 'studio',
    titles: { ru: 'Студия', en: 'Studio', vi: 'Phòng chụp' },
    fragment: 'Clean studio look: seamless light grey background, large softbox, gentle shadow.',
  },
  {
    id: 'sunlight',
    titles: { ru: 'Утренний свет', en: 'Morning light', vi: 'Nắng sớm' },
    fragment: 'Warm morning sunlight through a window, soft leaf shadows, light wood surface.',
  },
  {
    id: 'dark',
    titles: { ru: 'Тёмный люкс', en: 'Dark luxury', vi: 'Tối sang trọng' },
    fragment: 'Dark, elegant look: near-black background, thin rim light, glossy reflections.',
  },
  {
    id: 'pastel',
    titles: { ru: 'Пастель', en: 'Pastel', vi: 'Màu phấn' },
    fragment: 'Pastel colours, simple round podium, soft even light, playful and airy.',
  },
  {
    id: 'nature',
    titles: { ru: 'Природа', en: 'Nature', vi: 'Thiên nhiên' },
    fragment: 'Natural setting: moss, stones and green leaves, soft daylight, shallow depth of field.',
  },
  {
    id: 'festive',
    titles: { ru: 'Праздник', en: 'Festive', vi: 'Lễ hội' },
    fragment: 'Festive look: warm fairy lights out of focus, gold accents, cosy evening mood.',
  },
];

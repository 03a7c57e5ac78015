import { readFile } from 'node:fs/promises';

/** The example themes in `public/themes`, in the order of the switch. */
export const looks = ['neutral', 'wildberries', 'ozon'] as const;
export type Look = (typeof looks)[number];

/** The theme's file as a panel's developer would copy it. */
export async function themeFile(look: Look): Promise<string> {
  return readFile(new URL(`../public/themes/${look}.css`, import.meta.url), 'utf8');
}

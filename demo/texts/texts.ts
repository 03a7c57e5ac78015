import type { Locale } from '../covers.ts';
import { en } from './en.ts';
import { ru, type PanelTexts } from './ru.ts';
import { vi } from './vi.ts';

export type { PanelTexts } from './ru.ts';

/** Every text of the panel by language; what an operator or a seller wrote is not among them. */
export const panelTexts: Record<Locale, PanelTexts> = { ru, en, vi };

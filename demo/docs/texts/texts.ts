import type { Locale } from '../../covers.ts';
import { en } from './en.ts';
import { ru, type DocsTexts } from './ru.ts';
import { vi } from './vi.ts';

export type { DocsTexts } from './ru.ts';

/** Every text of the pages `/themes` and `/docs` by language; what stands in widget/face.ts is English everywhere. */
export const docsTexts: Record<Locale, DocsTexts> = { ru, en, vi };

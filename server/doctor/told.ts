import type { Finding } from './finding.ts';
import { words as english, type Said, type Words } from './words.en.ts';
import { words as russian } from './words.ru.ts';

/** A finding in both languages of the operator. */
export function told(id: string, state: Finding['state'], say: (words: Words) => Said): Finding {
  return { id, state, ...say(english), ru: say(russian) };
}

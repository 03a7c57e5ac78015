import { en } from './en.ts';
import { ru } from './ru.ts';

/** English is the type source: a text that another language lacks is a compile error. */
export type Dictionary = typeof en;
export type ProblemKey = keyof Dictionary['problems'];
export type NoticeKey = keyof Dictionary['notices'];

export const languages = ['ru', 'en'] as const;
export type Language = (typeof languages)[number];

export const dictionaries: Record<Language, Dictionary> = { ru, en };

export const problemKeys = Object.keys(en.problems) as ProblemKey[];
export const noticeKeys = Object.keys(en.notices) as NoticeKey[];

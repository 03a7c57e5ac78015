import { z } from 'zod';
import type { MarketplaceRules } from '../store/schema.ts';
import type { ProblemKey } from './i18n/dictionary.ts';
import { problem, title } from './preset-form.ts';

export const megabyte = 1_000_000;
/** What Kling takes as a picture: up to 1:2.5 either way (image-to-video page, captured 2026-06). */
const maxRatio = 2.5;

/** The tick boxes of file types, by the name that rules have for them. */
export const containerFields = { mp4: 'containerMp4', mov: 'containerMov', webm: 'containerWebm' } as const;

const tick = z.literal('on').optional();
const shortText = z.string().trim().max(300, problem('textLong'));

/** A number as typed, or null for an empty field; a comma is a point too. */
const numberOrNothing = (key: ProblemKey, pattern: RegExp, [least, most]: [number, number]) =>
  z
    .string()
    .transform((text) => text.trim().replace(',', '.'))
    .refine(
      (text) => text === '' || (pattern.test(text) && Number(text) >= least && Number(text) <= most),
      problem(key),
    )
    .transform((text) => (text === '' ? null : Number(text)))
    .default(null);

const ratioPattern = /^([1-9]\d{0,2}):([1-9]\d{0,2})$/;
const isRatio = (text: string): boolean => {
  const [, width, height] = ratioPattern.exec(text) ?? [];
  const ratio = Number(width) / Number(height);
  return ratio >= 1 / maxRatio && ratio <= maxRatio;
};

const whole = /^\d{1,4}$/;

/** Fields of every preset. A preset of pictures has neither length nor sound, and nothing is asked of its file. */
export const presetFieldsSchema = {
  titleRu: title,
  titleEn: title,
  titleVi: title,
  model: z.string(),
  seconds: z
    .string()
    .trim()
    .regex(/^\d{1,2}$/, problem('seconds'))
    .transform(Number)
    .pipe(z.number().max(60, problem('seconds')))
    .default(0),
  aspectRatio: z.string().trim().refine(isRatio, problem('ratio')),
  sound: tick,
  marketplace: shortText.default(''),
  minSeconds: numberOrNothing('ruleSeconds', whole, [1, 3600]),
  maxSeconds: numberOrNothing('ruleSeconds', whole, [1, 3600]),
  maxMegabytes: numberOrNothing('ruleMegabytes', /^\d{1,5}(\.\d{1,3})?$/, [0.1, 10_000]),
  containerMp4: tick,
  containerMov: tick,
  containerWebm: tick,
  ruleRatio: z
    .string()
    .trim()
    .refine((text) => text === '' || isRatio(text), problem('ratio'))
    .default(''),
  source: shortText.default(''),
};

export type PresetFacts = z.output<z.ZodObject<typeof presetFieldsSchema>>;

/** Null when nothing of the rules is filled in. */
export function rulesOf(form: PresetFacts): MarketplaceRules | null {
  const containers = Object.entries(containerFields).flatMap(([name, field]) => (form[field] === 'on' ? [name] : []));
  const { marketplace, minSeconds, maxSeconds, maxMegabytes, ruleRatio, source } = form;
  const given = [marketplace, minSeconds, maxSeconds, maxMegabytes, ruleRatio, source, ...containers];
  if (!given.some(Boolean)) return null;
  const maxBytes = maxMegabytes === null ? null : Math.round(maxMegabytes * megabyte);
  return { marketplace, minSeconds, maxSeconds, maxBytes, containers, aspectRatio: ruleRatio || null, source };
}

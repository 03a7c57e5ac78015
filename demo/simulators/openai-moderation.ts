import { invalid } from './openai-answers.ts';

/** Names as in OpenAI's moderation guide (developers.openai.com/api/docs/guides/moderation, read 2026-11-20). */
const categories = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/instructions',
  'self-harm/intent',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const;

/** What this double takes for bad; the real service judges meaning, this one knows a few words. */
const flagging: [pattern: RegExp, category: (typeof categories)[number]][] = [
  [/\b(kill|murder|bloodbath)\b|убить|убийство|giết/i, 'violence'],
  [/\b(porn|nude)\b|порно|khiêu dâm/i, 'sexual'],
  [/\b(cocaine|heroin)\b|кокаин|героин|ma túy/i, 'illicit'],
];

function judge(text: string) {
  const found = new Set(flagging.filter(([pattern]) => pattern.test(text)).map(([, category]) => category));
  const each = <T>(value: (isFound: boolean) => T) =>
    Object.fromEntries(categories.map((category) => [category, value(found.has(category))]));
  return {
    flagged: found.size > 0,
    categories: each((isFound) => isFound),
    category_scores: each((isFound) => (isFound ? 0.97 : 0.0004)),
    category_applied_input_types: each(() => ['text']),
  };
}

/** The texts of a moderation request's `input`. Throws OpenAiRefusal. */
export function moderatedTexts(input: unknown): string[] {
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0 || texts.some((text) => typeof text !== 'string' || text === ''))
    throw invalid("Invalid value for 'input': expected a text or a list of texts that are not empty.", {
      param: 'input',
    });
  return texts as string[];
}

/** The answer to a moderation request: one result for each text. */
export function moderationAnswer({ model, texts }: { model: unknown; texts: string[] }) {
  return { id: 'modr-simulated', model: model ?? 'omni-moderation-latest', results: texts.map(judge) };
}

import { z } from 'zod';
import { createOpenAiClient, faultFacts, type OpenAiSettings } from './openai-client.ts';
import { createSparingLog, type SparingLogParts } from './sparing-log.ts';
import { createWordList } from './word-list.ts';

/** How long an order waits for the service. */
export const moderationTimeoutMs = 3_000;
/** Free of charge, for texts in any language (developers.openai.com/api/docs/guides/moderation, read 2026-11-20). */
const model = 'omni-moderation-latest';

export interface FieldText {
  /** The name under which the caller knows the text, such as `prompt`. */
  field: string;
  text: string;
}

/** The first field that may not pass, and who says so; `category` is the service's word, such as `violence`. */
export type ModerationRefusal =
  { field: string; because: 'word' } | { field: string; because: 'service'; category?: string };

interface ModerationParts extends SparingLogParts {
  /** Without it only the site's words count. */
  openAi: OpenAiSettings | undefined;
  /** A signal that aborts after this long. */
  deadline(timeoutMs: number): AbortSignal;
}

/**
 * Judges texts before any money moves: first by the site's own words, which never leave this process, then by the
 * service. Never throws. A service that does not answer refuses nobody: the order goes on, and the log says so once a
 * minute at most.
 */
export function createModeration({ openAi, log, now, deadline }: ModerationParts) {
  const client = openAi && createOpenAiClient(openAi, moderationTimeoutMs);
  const warn = createSparingLog({ log, now });

  async function refusedByService(fields: FieldText[], signal: AbortSignal): Promise<ModerationRefusal | null> {
    const answer = await client!.moderations.create({ model, input: fields.map(({ text }) => text) }, { signal });
    const results = resultsSchema.safeParse(answer).data?.results;
    if (results?.length !== fields.length) throw new SyntaxError('not one result for each text');
    const at = results.findIndex(({ flagged }) => flagged);
    if (at < 0) return null;
    const category = categoryOf(results[at]!);
    return { field: fields[at]!.field, because: 'service', ...(category && { category }) };
  }

  return {
    /** Null when everything may pass. `caller` ends the question to the service early, which then refuses nothing. */
    async check(
      { siteWords, fields }: { siteWords: readonly string[]; fields: readonly FieldText[] },
      caller: AbortSignal,
    ): Promise<ModerationRefusal | null> {
      const said = fields.filter(({ text }) => text.trim() !== '');
      const words = createWordList(siteWords);
      const bad = said.find(({ text }) => words.isIn(text));
      if (bad) return { field: bad.field, because: 'word' };
      if (!client || said.length === 0) return null;
      const timeout = deadline(moderationTimeoutMs);
      try {
        return await refusedByService(said, AbortSignal.any([caller, timeout]));
      } catch (fault) {
        if (!caller.aborted)
          warn(faultFacts(fault, timeout), 'moderation did not answer; orders go on without its judgement');
        return null;
      }
    },
  };
}

export type Moderation = ReturnType<typeof createModeration>;

const resultSchema = z.object({
  flagged: z.boolean(),
  categories: z.record(z.string(), z.boolean().nullable()).default({}),
});
const resultsSchema = z.object({ results: z.array(resultSchema) });

/** The first of the categories that are said to apply; no word that is not one. */
function categoryOf({ categories }: z.infer<typeof resultSchema>): string | undefined {
  return Object.keys(categories).find((name) => categories[name] === true && /^[a-z/-]{1,40}$/.test(name));
}

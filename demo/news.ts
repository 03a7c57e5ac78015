import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

const keptNews = 20;

/** As much as this panel wants to know; the rest of a message is kept as it came. */
const newsSchema = z.looseObject({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});

/** One message of the covers server; `id` is the same for every try of it. */
export type News = z.infer<typeof newsSchema> & { id: string };

/**
 * What the covers server tells this panel without being asked. A real panel would write messages to its database before
 * it answers; here the newest twenty stay in memory.
 */
export function createNews(secret: string) {
  const webhook = new Webhook(secret);
  const newest: News[] = [];
  return {
    /** Newest first. */
    list: (): readonly News[] => newest,

    /** Takes a message in whose signature is good, once; false for any other. */
    take(body: string, headers: Record<string, string>): boolean {
      try {
        const news = newsSchema.parse(webhook.verify(body, headers));
        const id = headers['webhook-id']!;
        if (!newest.some((known) => known.id === id)) newest.unshift({ ...news, id });
        newest.splice(keptNews);
        return true;
      } catch {
        return false;
      }
    },
  };
}

import type { Happened, Timeline } from '../store/job-events.ts';

const maxChars = 500;
const maxDepth = 3;
const hidden = '[…]';

const address = /\bhttps?:\/\/[^\s"'<>]+/gi;
const authorization = /\b(bearer|basic) \S+/gi;
const named =
  /\b(access[_-]?key|secret[_-]?key|api[_-]?key|x-amz-[a-z-]+|signature|token|secret|password|authorization)(["']? ?[:=] ?["']?)[^\s"',;&]+/gi;
const opaque = /[\w+/.=-]{32,}/g;
const ourId = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const secretName = /authorization|secret|password|signature|apikey|accesskey|credential/i;

/**
 * Words of others made safe to keep: of an address only its host (a signature may stand in the path, too), nothing that
 * looks like a credential, one line of at most 500 characters.
 */
export function redactText(text: string): string {
  const line = text
    .slice(0, maxChars * 4)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(address, hostOf)
    .replaceAll(authorization, `$1 ${hidden}`)
    .replaceAll(named, `$1$2${hidden}`)
    .replaceAll(opaque, (word) => (ourId.test(word) ? word : hidden));
  return (line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line).toWellFormed();
}

function hostOf(given: string): string {
  return URL.canParse(given) ? `${new URL(given).protocol}//${new URL(given).host}/…` : hidden;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return hidden;
  if (Array.isArray(value)) return value.slice(0, 20).map((inner) => redactValue(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) ? hidden : redactValue(inner, depth + 1),
    ]),
  );
}

/** What the store needs to keep the timelines of jobs. */
export function createTimeline({ newId }: { newId(): string }): Timeline {
  return { newId, redact: (detail) => redactValue(detail, 0) as Happened['detail'] };
}

/** An answer of the provider, or of the host that keeps its clips. */
export function providerSaid(asked: 'submit' | 'look-up' | 'clip', answer: object): Happened {
  return { kind: 'provider', detail: { asked, ...answer } };
}

/** The same answer again and again is told ever more rarely: at the first look, then the 2nd, 3rd, 5th, 9th … */
export function repeatedly(failures: number, happened: Happened): Happened[] {
  return (failures & (failures - 1)) === 0 ? [{ ...happened, detail: { ...happened.detail, failures } }] : [];
}

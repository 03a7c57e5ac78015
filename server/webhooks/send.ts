import { Agent, request, type Dispatcher } from 'undici';
import { AddressRefused, createPublicAgent, systemLookup, type Lookup } from '../media/download-agent.ts';
import type { AddressRefusal, AddressRules } from './address.ts';

/** How long one try may take, connecting included. */
export const sendTimeoutMs = 10_000;
const keptBytes = 1_000;
const shownLetters = 300;

/**
 * Why a try failed: a word of ours, a code of the connection such as `ECONNREFUSED`, or the beginning of what the other
 * side answered.
 */
export type SendFault = AddressRefusal | 'redirect' | 'timeout' | 'cancelled' | (string & {});

export type SendOutcome =
  | { outcome: 'delivered'; status: number }
  /** 410: the host wants nothing here any more. */
  | { outcome: 'gone'; status: number; reason: SendFault }
  | { outcome: 'failed'; status: number | null; reason: SendFault };

export interface Letter {
  url: string;
  headers: Record<string, string>;
  body: string;
}

interface SenderParts {
  checkAddress: AddressRules;
  /** Answers a signal that aborts after so long. */
  deadline(timeoutMs: number): AbortSignal;
  lookup?: Lookup;
}

/**
 * Posts messages to addresses that others chose: only to public ones, which the connection itself makes sure of, unless
 * the operator named the host; no redirect is followed, and of the answer no more than a kilobyte is read. Never throws.
 */
export function createSender({ checkAddress, deadline, lookup = systemLookup }: SenderParts) {
  const publicAgent = createPublicAgent(lookup);
  const namedAgent = new Agent();

  return {
    /** `stop` ends the try as `cancelled`. */
    async send({ url, headers, body }: Letter, stop: AbortSignal): Promise<SendOutcome> {
      const place = checkAddress(url);
      if (typeof place === 'string') return { outcome: 'failed', status: null, reason: place };
      const timeout = deadline(sendTimeoutMs);
      try {
        const answer = await request(place.url, {
          dispatcher: place.isNamed ? namedAgent : publicAgent,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'kling-video-cover', ...headers },
          body,
          signal: AbortSignal.any([stop, timeout]),
        });
        return judge(answer.statusCode, await beginningOf(answer.body));
      } catch (fault) {
        return { outcome: 'failed', status: null, reason: reasonOf(fault, { stop, timeout }) };
      }
    },

    /** Drops every connection. */
    async close(): Promise<void> {
      await Promise.all([publicAgent.destroy(), namedAgent.destroy()]);
    },
  };
}

export type Sender = ReturnType<typeof createSender>;

function judge(status: number, text: string): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 410) return { outcome: 'gone', status, reason: text };
  return { outcome: 'failed', status, reason: status >= 300 && status < 400 ? 'redirect' : text };
}

/** Enough to see what is wrong. The status counts, whatever becomes of the body. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= keptBytes) break;
    }
  } catch {
    // What came before the fault is shown.
  }
  // Control characters have no place in a log, and NUL none in PostgreSQL.
  const text = Buffer.concat(chunks)
    .subarray(0, keptBytes)
    .toString('utf8')
    .replaceAll(/\p{Cc}+/gu, ' ');
  return [...text.trim()].slice(0, shownLetters).join('');
}

function reasonOf(fault: unknown, { stop, timeout }: { stop: AbortSignal; timeout: AbortSignal }): SendFault {
  if (timeout.aborted) return 'timeout';
  if (stop.aborted) return 'cancelled';
  if (fault instanceof AddressRefused) return 'private_address';
  const { code } = fault as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'connection';
}

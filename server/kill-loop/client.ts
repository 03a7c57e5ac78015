import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Book, SeenJob } from './book.ts';

const patienceMs = 8_000;
const tokenLifeMs = 10 * 60_000;

export interface Site {
  url: string;
  issuer: string;
  jwtSecret: string;
  apiKey: string;
}

/** A whole answer. `body` is the parsed JSON, null when there is none. */
export interface Answer {
  status: number;
  code: string | undefined;
  body: Body | null;
}

interface Body {
  code?: string;
  job?: SeenJob;
  items?: SeenJob[];
  nextCursor?: string | null;
  upload?: { id: string };
  entry?: { id: string };
  balance?: number;
}

/** HTTP as one seller and as the seller's host site. A call answers null when nobody can know what became of it. */
export function createClient({ site, userId, book }: { site: Site; userId: string; book: Book }) {
  let token = { text: '', madeAtMs: -Infinity };

  async function bearer(): Promise<string> {
    if (Date.now() - token.madeAtMs > tokenLifeMs / 2) {
      const signer = new SignJWT({}).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(site.issuer);
      signer.setAudience('kling-video-cover').setSubject(userId).setIssuedAt();
      signer.setExpirationTime(Math.floor((Date.now() + tokenLifeMs) / 1000));
      token = { text: await signer.sign(new TextEncoder().encode(site.jwtSecret)), madeAtMs: Date.now() };
    }
    return token.text;
  }

  async function send(path: string, init: RequestInit): Promise<Answer | null> {
    try {
      const response = await fetch(site.url + path, { ...init, signal: AbortSignal.timeout(patienceMs) });
      const text = await response.text();
      const body = text === '' ? null : (JSON.parse(text) as Body);
      if (response.status === 500) book.accuse(`${init.method} ${path} was answered with 500: ${text}`);
      return response.status >= 500 ? null : { status: response.status, code: body?.code, body };
    } catch {
      return null;
    }
  }

  return {
    async asSeller(method: string, path: string, sent: { json?: object; key?: string; picture?: Buffer } = {}) {
      const contentType = sent.picture ? 'image/jpeg' : sent.json && 'application/json';
      const body = sent.picture ? new Uint8Array(sent.picture) : sent.json && JSON.stringify(sent.json);
      return send(path, {
        method,
        headers: {
          authorization: `Bearer ${await bearer()}`,
          ...(contentType && { 'content-type': contentType }),
          ...(sent.key && { 'idempotency-key': sent.key }),
        },
        ...(body && { body }),
      });
    },

    asHost(path: string, json: object) {
      const headers = { authorization: `Bearer ${site.apiKey}`, 'content-type': 'application/json' };
      return send(path, { method: 'POST', headers, body: JSON.stringify(json) });
    },

    /** As the provider would; the body says nothing that the server may believe. */
    callBack: (token: string) =>
      send(`/hooks/kling/${token}`, { method: 'POST', body: JSON.stringify({ task_status: 'succeed' }) }),

    /** Length and SHA-256 of a file behind a link; null when it did not come whole. */
    async download(url: string): Promise<{ status: number; bytes: number; sha256: string } | null> {
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
        const bytes = Buffer.from(await response.arrayBuffer());
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { status: response.status, bytes: bytes.length, sha256 };
      } catch {
        return null;
      }
    },
  };
}

export type Client = ReturnType<typeof createClient>;

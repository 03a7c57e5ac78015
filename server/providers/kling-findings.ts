import { adviseOnCode, adviseOnFault } from './kling-advice.ts';
import type { KlingCredentials } from './kling-auth.ts';
import { readEnvelope, type KlingAnswer } from './kling-codes.ts';
import { klingDefaultBaseUrl, type KlingExchange } from './kling-http.ts';
import type { KlingPack } from './kling-packs.ts';

/** What is looked at, in the order of the list. */
export type KlingCheckName =
  | 'credentials'
  | 'address'
  | 'connection'
  | 'clock'
  | 'authentication'
  | 'permission'
  | 'resource packs'
  | 'concurrency';

/** One finding in plain words. `warning`: covers can be made, or it cannot be known; `skipped`: an earlier one failed. */
export interface KlingCheck {
  name: KlingCheckName;
  state: 'ok' | 'warning' | 'failed' | 'skipped';
  text: string;
}

/** What the operator has set. */
interface GivenCredentials {
  accessKey?: string | undefined;
  secretKey?: string | undefined;
  apiKey?: string | undefined;
}

/** `credentials` is what was chosen from the given ones. */
export function checkCredentials(settings: GivenCredentials, credentials: KlingCredentials | null): KlingCheck {
  const name = 'credentials';
  if (credentials) {
    const isKey = 'apiKey' in credentials;
    const spare =
      isKey && (settings.accessKey || settings.secretKey) ? ' It comes before the key pair, which is not used.' : '';
    const text = isKey ? `KLING_API_KEY is set.${spare}` : 'KLING_ACCESS_KEY and KLING_SECRET_KEY are set.';
    return { name, state: 'ok', text };
  }
  const missing = settings.accessKey?.trim() ? 'KLING_SECRET_KEY' : 'KLING_ACCESS_KEY';
  const hasHalf = Boolean(settings.accessKey?.trim()) !== Boolean(settings.secretKey?.trim());
  const text = hasHalf
    ? `${missing} is missing: the two halves of a key pair go together.`
    : 'No credentials: set KLING_API_KEY, or KLING_ACCESS_KEY and KLING_SECRET_KEY, from the Kling console.';
  return { name, state: 'failed', text };
}

/** Judges the base address by its form alone. */
export function checkAddress(baseUrl: string): KlingCheck {
  const name = 'address';
  const example = `for example ${klingDefaultBaseUrl}`;
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    return { name, state: 'failed', text: `KLING_API_BASE is no web address; ${example}.` };
  }
  const url = new URL(baseUrl);
  if (url.username || url.password || url.search || url.hash) {
    return {
      name,
      state: 'failed',
      text: `KLING_API_BASE must be a plain address without user, "?" or "#"; ${example}.`,
    };
  }
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const where = `Calls go to ${url.origin}${url.pathname.replace(/\/$/, '')}.`;
  if (url.protocol === 'http:' && !isLocal) {
    return { name, state: 'warning', text: `${where} Without https the credentials can be read on the way.` };
  }
  if (/\/v1\/?$/.test(url.pathname)) {
    return { name, state: 'warning', text: `${where} Kling's own address has no /v1 at its end; we add it ourselves.` };
  }
  if (url.hostname === 'api.klingai.com') {
    return { name, state: 'warning', text: `${where} Kling has replaced this host by ${klingDefaultBaseUrl}.` };
  }
  return { name, state: 'ok', text: where };
}

/** Whether an answer came at all, whatever it says. */
export function checkConnection(listed: KlingExchange, host: string): KlingCheck {
  const name = 'connection';
  if (listed.kind === 'answered') return { name, state: 'ok', text: `${host} answers.` };
  if (listed.kind === 'no-credentials') {
    return { name: 'credentials', state: 'failed', text: `${listed.reason} Copy it again from the Kling console.` };
  }
  return { name, state: 'failed', text: `${adviseOnFault(listed.errorCode, host)} (${listed.reason})` };
}

/**
 * Compares the clocks by the answer's `Date` header, which counts whole seconds. Tokens are dated 5 s back and live
 * 30 min; how much more Kling forgives is not documented.
 */
export function checkClock(serverDate: string | null, our: { ourMs: number; hasToken: boolean }): KlingCheck {
  const name = 'clock';
  const serverMs = serverDate === null ? NaN : Date.parse(serverDate);
  if (Number.isNaN(serverMs)) return { name, state: 'warning', text: 'Kling sent no date to compare our clock with.' };
  const aheadSeconds = Math.round((our.ourMs - (serverMs + 500)) / 1000);
  const difference = `${Math.abs(aheadSeconds)} s ${aheadSeconds < 0 ? 'behind' : 'ahead of'} Kling's`;
  if (our.hasToken && (aheadSeconds > 4 || aheadSeconds < -1795)) {
    const code = aheadSeconds > 0 ? '1003, not yet valid' : '1004, expired';
    const text = `Our clock is ${difference}. Kling refuses tokens of this date (${code}); the server then signs by Kling's clock, but set this machine's clock (NTP).`;
    return { name, state: 'warning', text };
  }
  const isFarOff = Math.abs(aheadSeconds) > 60;
  const text = `Our clock is ${difference}.${isFarOff ? " Set this machine's clock (NTP)." : ''}`;
  return { name, state: isFarOff ? 'warning' : 'ok', text };
}

/** Authentication and permission are told by the same answer. */
export function checkAdmission(answer: KlingAnswer): KlingCheck[] {
  const reading = readEnvelope(answer);
  if (!reading.readable || (reading.code === 0 && answer.httpStatus !== 200)) {
    const text = `This is not an answer of Kling's API: check KLING_API_BASE. (${reading.reason})`;
    return [{ name: 'authentication', state: 'failed', text }];
  }
  const { code } = reading;
  const refusal = { state: 'failed', text: `${adviseOnCode(code)} (${reading.reason})` } as const;
  // The codes below 1100 are about the credentials, from 5000 up Kling itself is not well.
  if (code !== 0 && (code < 1100 || code >= 5000)) return [{ name: 'authentication', ...refusal }];
  const allowed = 'Image-to-video tasks can be read. Whether the model may be used shows at the first paid task.';
  return [
    { name: 'authentication', state: 'ok', text: 'Kling accepts the credentials.' },
    { name: 'permission', ...(code === 0 ? { state: 'ok' as const, text: allowed } : refusal) },
  ];
}

/** `inUse` are those of the packs that are online. */
export function checkPacks(packs: KlingPack[], inUse: KlingPack[]): KlingCheck {
  const name = 'resource packs';
  const unlessPostPaid =
    'Unless the account is post-paid, tasks will be refused (1102): buy a video pack in the Kling console.';
  if (packs.length === 0) return { name, state: 'warning', text: `There are none. ${unlessPostPaid}` };
  if (inUse.length === 0) {
    const list = packs.map((pack) => `"${pack.name}" ${pack.status}`).join(', ');
    return { name, state: 'warning', text: `None is in use: ${list}. ${unlessPostPaid}` };
  }
  const list = inUse.map(
    (pack) => `"${pack.name}" ${pack.remainingUnits} of ${pack.totalUnits} units left${until(pack)}`,
  );
  const isEmpty = inUse.every((pack) => pack.remainingUnits <= 0);
  const text = `${list.join('; ')}. Kling counts them 12 hours late.${isEmpty ? ` ${unlessPostPaid}` : ''}`;
  return { name, state: isEmpty ? 'warning' : 'ok', text };
}

function until(pack: KlingPack): string {
  const date = new Date(pack.validUntilMs);
  return pack.validUntilMs > 0 && !Number.isNaN(date.getTime())
    ? `, valid until ${date.toISOString().slice(0, 10)}`
    : '';
}

/**
 * With several packs of one type the largest counts, not the sum (Kling concurrency page, captured 2026-09-20). The
 * setting is about videos; the answer has no type, so packs whose name tells of pictures or audio are left out.
 */
export function checkConcurrency(inUse: KlingPack[], concurrency: number | undefined): KlingCheck {
  const name = 'concurrency';
  const forVideos = inUse.filter((pack) => !/image|audio/i.test(pack.name));
  const slots = Math.max(0, ...forVideos.map((pack) => pack.slots ?? 0));
  if (slots === 0)
    return { name, state: 'ok', text: "No pack's name tells it: set KLING_CONCURRENCY by the Kling console." };
  const text = `${slots} tasks at once by the name of the pack`;
  if (concurrency !== undefined && concurrency > slots) {
    return { name, state: 'warning', text: `${text}, but KLING_CONCURRENCY is ${concurrency}: set it to ${slots}.` };
  }
  return { name, state: 'ok', text: `${text}.` };
}

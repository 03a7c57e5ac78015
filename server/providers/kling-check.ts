import type { Dispatcher } from 'undici';
import { chooseKlingCredentials, createKlingAuth } from './kling-auth.ts';
import { readEnvelope } from './kling-codes.ts';
import {
  checkAddress,
  checkAdmission,
  checkClock,
  checkConcurrency,
  checkConnection,
  checkCredentials,
  checkPacks,
  type KlingCheck,
  type KlingCheckName,
} from './kling-findings.ts';
import { createKlingSend, klingDefaultBaseUrl, type KlingExchange, type KlingSend } from './kling-http.ts';
import { packsPath, readPacks } from './kling-packs.ts';

export type { KlingCheck, KlingCheckName } from './kling-findings.ts';

/** What is checked. Every key may be left out, as in the environment; an empty text counts as left out. */
export interface KlingCheckSettings {
  accessKey?: string | undefined;
  secretKey?: string | undefined;
  apiKey?: string | undefined;
  /** Default: Kling's Singapore host. */
  baseUrl?: string | undefined;
  /** Tasks that the server will hold at once; compared with the resource pack's name where that tells. */
  concurrency?: number | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
  dispatcher?: Dispatcher;
  /** Ends the check early; each call ends by itself after 15 seconds. */
  signal?: AbortSignal;
}

const order: KlingCheckName[] = [
  'credentials',
  'address',
  'connection',
  'clock',
  'authentication',
  'permission',
  'resource packs',
  'concurrency',
];

/**
 * Checks an account without spending: one list of one task, one look at the resource packs. Gives every check once, in a
 * fixed order, and no secret in any text. Never rejects. Whether a model may be used only a paid task can tell.
 */
export async function checkKling(settings: KlingCheckSettings): Promise<KlingCheck[]> {
  const found: KlingCheck[] = [];
  await runChecks(settings, (check) => found.push(check));
  const byName = new Map(found.map((check) => [check.name, check]));
  return order.map((name) => {
    const check = byName.get(name) ?? {
      name,
      state: 'skipped' as const,
      text: 'Not checked: an earlier check failed.',
    };
    return { ...check, text: hideSecrets(check.text, settings) };
  });
}

/** True when nothing failed and nothing had to be skipped. */
export function isKlingReady(checks: KlingCheck[]): boolean {
  return checks.every((check) => check.state === 'ok' || check.state === 'warning');
}

type Report = (check: KlingCheck) => void;

async function runChecks(settings: KlingCheckSettings, report: Report): Promise<void> {
  const credentials = chooseKlingCredentials(settings);
  report(checkCredentials(settings, credentials));
  const baseUrl = settings.baseUrl?.trim() || klingDefaultBaseUrl;
  const address = checkAddress(baseUrl);
  report(address);
  if (!credentials || address.state === 'failed') return;

  const { now, dispatcher } = settings;
  const auth = createKlingAuth(credentials, now);
  const send = createKlingSend({ baseUrl, auth, ...(dispatcher && { dispatcher }) });
  const sentMs = now();
  const listed = await get(send, '/v1/videos/image2video?pageNum=1&pageSize=1', settings);
  const connection = checkConnection(listed, new URL(baseUrl).host);
  report(connection);
  if (listed.kind !== 'answered') return;
  report(checkClock(listed.serverDate, { ourMs: (sentMs + now()) / 2, hasToken: !('apiKey' in credentials) }));
  const admission = checkAdmission(listed.answer);
  admission.forEach(report);
  if (admission.some((check) => check.state === 'failed')) return;
  reportPacks(await get(send, packsPath(now()), settings), { report, concurrency: settings.concurrency });
}

function get(send: KlingSend, path: string, settings: KlingCheckSettings): Promise<KlingExchange> {
  const timeout = AbortSignal.timeout(15_000);
  const signal = settings.signal ? AbortSignal.any([settings.signal, timeout]) : timeout;
  return send({ method: 'GET', path, maxAnswerBytes: 1_000_000, signal });
}

function reportPacks(
  costs: KlingExchange,
  { report, concurrency }: { report: Report; concurrency: number | undefined },
) {
  const reading = costs.kind === 'answered' ? readEnvelope(costs.answer) : null;
  const packs = reading?.readable && reading.code === 0 ? readPacks(reading.data) : null;
  if (!packs) {
    const reason = reading?.reason ?? (costs.kind === 'answered' ? '' : costs.reason);
    const text = `The resource packs could not be read; the Kling console shows them. (${reason})`;
    report({ name: 'resource packs', state: 'warning', text });
    report({ name: 'concurrency', state: 'warning', text: 'Not known, because the resource packs could not be read.' });
    return;
  }
  const inUse = packs.filter((pack) => pack.status === 'online');
  report(checkPacks(packs, inUse));
  report(checkConcurrency(inUse, concurrency));
}

function hideSecrets(text: string, { secretKey, apiKey, accessKey }: KlingCheckSettings): string {
  const secrets = [secretKey, apiKey, accessKey]
    .map((secret) => secret?.trim() ?? '')
    .filter((secret) => secret.length > 3);
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '•••'), text);
}

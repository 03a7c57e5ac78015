import { createKieAccount, type KieSettings } from '../providers/kie.ts';
import type { Finding } from './finding.ts';
import { told } from './told.ts';

const timeoutMs = 15_000;

/** What Kie.ai says of an account: its balance, or why there is none. Makes no task. Rejects only for an address that is none. */
export async function kieFindings(settings: Pick<KieSettings, 'apiKey' | 'baseUrl'>): Promise<Finding[]> {
  const account = createKieAccount({ ...settings, id: 'kie', now: Date.now, concurrency: 1 });
  const answer = await account.readCredits(AbortSignal.timeout(timeoutMs));
  const id = 'kie-account';
  if (answer.outcome === 'account-blocked') return [told(id, 'failed', (words) => words.kieRefuses(answer.reason))];
  if (answer.outcome === 'unclear') return [told(id, 'warning', (words) => words.kieUnread(answer.reason))];
  const { credits } = answer;
  if (credits > 0) return [told('kie-credits', 'ok', (words) => words.kieCredits(credits))];
  return [told('kie-credits', 'failed', (words) => words.kieEmpty(credits))];
}

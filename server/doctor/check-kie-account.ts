import { createKieAccount, type KieSettings } from '../providers/kie.ts';
import type { Finding } from './finding.ts';

const timeoutMs = 15_000;

/** What Kie.ai says of an account: its balance, or why there is none. Makes no task. Rejects only for an address that is none. */
export async function kieFindings(settings: Pick<KieSettings, 'apiKey' | 'baseUrl'>): Promise<Finding[]> {
  const account = createKieAccount({ ...settings, id: 'kie', now: Date.now, concurrency: 1 });
  const answer = await account.readCredits(AbortSignal.timeout(timeoutMs));
  if (answer.outcome === 'account-blocked') {
    const remedy = "Enter the key of Kie.ai's console, API keys; a sub-key may have used up its limit.";
    return [{ id: 'kie-account', state: 'failed', text: `Kie.ai refuses the account: ${answer.reason}`, remedy }];
  }
  if (answer.outcome === 'unclear') {
    const text = `The credits could not be read: ${answer.reason}`;
    return [
      { id: 'kie-account', state: 'warning', text, remedy: "Check KIE_API_BASE, the network and Kie.ai's status." },
    ];
  }
  const text = `${answer.credits} credits left.`;
  if (answer.credits > 0) return [{ id: 'kie-credits', state: 'ok', text }];
  return [{ id: 'kie-credits', state: 'failed', text, remedy: 'Top up at Kie.ai; until then its jobs wait.' }];
}

import { z } from 'zod';
import { createAddressRules } from '../webhooks/address.ts';
import type { ProviderName } from '../store/schema.ts';
import type { ProblemKey } from './i18n/dictionary.ts';

/** Where each provider's API is, unless the form says otherwise. */
export const defaultBaseUrls: Record<ProviderName, string> = {
  kling: 'https://api-singapore.klingai.com',
  kie: 'https://api.kie.ai',
};

const problem = (key: ProblemKey): string => key;
const whole = (key: ProblemKey, { min, max }: { min: number; max: number }) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,4}$/, problem(key))
    .transform(Number)
    .refine((value) => value >= min && value <= max, problem(key));
const key = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{0,300}$/, problem('providerKeys'))
  .default('');

const settings = {
  label: z
    .string({ error: problem('providerLabel') })
    .trim()
    .min(1, problem('providerLabel'))
    .max(60, problem('providerLabel')),
  concurrency: whole('providerSlots', { min: 1, max: 100 }),
  position: whole('providerPosition', { min: 0, max: 1000 }),
};

/** What may change of an account; its credentials and its address never do: jobs that are there would be lost. */
export const providerSettings = z.object(settings);

/**
 * A new account. Its API must be at a public https address or at one of `knownBaseUrls`, which the server's settings name
 * already. `credentials` has the shape that the adapter takes: Kling's access and secret key are another way than a key,
 * Kie has only keys.
 */
export function newProviderForm(knownBaseUrls: string[]) {
  const checkAddress = createAddressRules(knownBaseUrls.map(placeOf));
  return z
    .object({
      ...settings,
      provider: z.enum(['kling', 'kie']).catch('kling'),
      apiKey: key,
      accessKey: key,
      secretKey: key,
      baseUrl: z.string().trim().max(300).default(''),
    })
    .transform(({ apiKey, accessKey, secretKey, baseUrl: typed, ...rest }, context) => {
      const { provider } = rest;
      const isPair = provider === 'kling' && accessKey !== '' && secretKey !== '';
      if (!apiKey && !isPair)
        context.addIssue({ code: 'custom', path: ['apiKey'], message: problem(keyProblems[provider]) });
      const baseUrl = withoutEndSlash(typed || defaultBaseUrls[provider]);
      const place = checkAddress(baseUrl);
      const isPlain = typeof place !== 'string' && place.url.search === '' && place.url.hash === '';
      if (!isPlain) context.addIssue({ code: 'custom', path: ['baseUrl'], message: problem('providerAddress') });
      return { ...rest, baseUrl, credentials: apiKey ? { apiKey } : { accessKey, secretKey } };
    });
}

const keyProblems: Record<ProviderName, ProblemKey> = { kling: 'providerKeys', kie: 'providerKey' };

/** `host:port` of an address. */
function placeOf(baseUrl: string): string {
  const { hostname, port, protocol } = new URL(baseUrl);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

const withoutEndSlash = (address: string): string => (address.endsWith('/') ? address.slice(0, -1) : address);

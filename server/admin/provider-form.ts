import { z } from 'zod';
import { createAddressRules } from '../webhooks/address.ts';
import type { ProblemKey } from './i18n/dictionary.ts';

const defaultBaseUrl = 'https://api-singapore.klingai.com';

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
 * A new account. Its API must be at a public https address or at `knownBaseUrl`, which the server's settings name
 * already. `credentials` has the shape that the adapter takes.
 */
export function newProviderForm(knownBaseUrl: string) {
  const known = new URL(knownBaseUrl);
  const port = known.port || (known.protocol === 'https:' ? '443' : '80');
  const checkAddress = createAddressRules([`${known.hostname}:${port}`]);
  return z
    .object({
      ...settings,
      apiKey: key,
      accessKey: key,
      secretKey: key,
      baseUrl: z.string().trim().max(300).default(''),
    })
    .transform(({ apiKey, accessKey, secretKey, baseUrl: typed, ...rest }, context) => {
      if (!apiKey && !(accessKey && secretKey))
        context.addIssue({ code: 'custom', path: ['apiKey'], message: problem('providerKeys') });
      const place = checkAddress(typed || defaultBaseUrl);
      const isPlain = typeof place !== 'string' && place.url.search === '' && place.url.hash === '';
      if (!isPlain) context.addIssue({ code: 'custom', path: ['baseUrl'], message: problem('providerAddress') });
      const baseUrl = withoutEndSlash(typed || defaultBaseUrl);
      return { ...rest, baseUrl, credentials: apiKey ? { apiKey } : { accessKey, secretKey } };
    });
}

const withoutEndSlash = (address: string): string => (address.endsWith('/') ? address.slice(0, -1) : address);

import { z } from 'zod';
import type { ProblemKey } from './i18n/dictionary.ts';
import { isLogin, normalLogin } from './login.ts';
import { passwordLength } from './passwords.ts';

const problem = (key: ProblemKey): string => key;

/** Counted as people do: a letter with its accent is one, whatever its bytes. */
const newPassword = z
  .string()
  .refine((text) => [...text].length >= passwordLength.min, problem('passwordShort'))
  .refine((text) => text.length <= passwordLength.max, problem('passwordLong'));
const role = z.enum(['owner', 'viewer']);

export const operatorRoles = role.options;

/** What the form for a new operator sends. */
export const newOperatorSchema = z.object({
  login: z.string().transform(normalLogin).refine(isLogin, problem('login')),
  role,
  newPassword,
});

export const roleSchema = z.object({ role });
export const newPasswordSchema = z.object({ newPassword });
export const ownPasswordSchema = z.object({ currentPassword: z.string(), newPassword });

import { builtInLogin } from './actor.ts';

/** Names that stand for somebody else in the ledger, in revisions and in the audit log. */
const reserved = [builtInLogin, 'host', 'seller', 'shipped', 'system', 'unknown', 'webhooks', 'worker'];
const form = /^[a-z0-9][a-z0-9._@+-]{1,63}$/;

/** A login as it is stored and looked up: capitals and spaces around it do not count. */
export const normalLogin = (typed: string): string => typed.trim().toLowerCase();

/** Whether an operator may have this normal login: 2 to 64 of `a-z 0-9 . _ @ + -`, not a name with another meaning. */
export const isLogin = (login: string): boolean => form.test(login) && !reserved.includes(login);

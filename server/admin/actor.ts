import type { OperatorRole } from '../store/schema.ts';
import type { AdminContext } from './parts.ts';

/** Who is signed in. The built-in owner of ADMIN_PASSWORD is `admin`. */
export interface Operator {
  login: string;
  role: OperatorRole;
}

/** The signed-in operator's login: the `actor` of audit entries, the author of preset revisions. Only past the sign-in. */
export const actorOf = (c: AdminContext): string => c.get('operator').login;

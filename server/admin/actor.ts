import type { OperatorRole } from '../store/schema.ts';
import type { AdminContext } from './parts.ts';

/** Who is signed in. */
export interface Operator {
  login: string;
  role: OperatorRole;
}

/** The owner whose password is ADMIN_PASSWORD: always there, no row of the database. */
export const builtInLogin = 'admin';

/** The signed-in operator's login: the `actor` of audit entries, the author of preset revisions. Only past the sign-in. */
export const actorOf = (c: AdminContext): string => c.get('operator').login;

/** Whether the signed-in operator may change anything. Every POST of a viewer is refused before it reaches a page. */
export const isViewer = (c: AdminContext): boolean => c.get('operator').role === 'viewer';

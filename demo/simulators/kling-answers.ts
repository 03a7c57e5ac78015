import { Refusal } from './simulator-http.ts';

/** The HTTP status and wording of each business code (Kling AI, error codes page, read 2026-09-20). */
const CODES: Record<number, { httpStatus: number; meaning: string }> = {
  1000: { httpStatus: 401, meaning: 'Authentication failed' },
  1001: { httpStatus: 401, meaning: 'Authorization is empty' },
  1002: { httpStatus: 401, meaning: 'Authorization is invalid' },
  1003: { httpStatus: 401, meaning: 'Authorization is not yet valid' },
  1004: { httpStatus: 401, meaning: 'Authorization has expired' },
  1100: { httpStatus: 429, meaning: 'Account exception' },
  1101: { httpStatus: 429, meaning: 'Account in arrears' },
  1102: { httpStatus: 429, meaning: 'Account balance not enough' },
  1103: { httpStatus: 403, meaning: 'No permission for the requested API or model' },
  1200: { httpStatus: 400, meaning: 'Invalid request parameters' },
  1201: { httpStatus: 400, meaning: 'Invalid parameters, such as an incorrect key or an illegal value' },
  1202: { httpStatus: 404, meaning: 'The requested method is invalid' },
  1203: { httpStatus: 404, meaning: 'The requested resource does not exist' },
  1300: { httpStatus: 400, meaning: 'The request is against the policy of the platform' },
  1301: { httpStatus: 400, meaning: 'The request is against the content security policy of the platform' },
  1302: { httpStatus: 429, meaning: 'The request rate is too high' },
  1303: { httpStatus: 429, meaning: 'parallel task over resource pack limit' },
  1304: { httpStatus: 429, meaning: 'The request is against the IP whitelist policy of the platform' },
  5000: { httpStatus: 500, meaning: 'Internal server error' },
  5001: { httpStatus: 503, meaning: 'The service is temporarily unavailable' },
  5002: { httpStatus: 504, meaning: 'Internal server timeout' },
};

/** The codes that `[[sim:refuse-<code>]]` knows. */
export const businessCodes: readonly number[] = Object.keys(CODES).map(Number);

/** A request that Kling refuses: thrown anywhere while a request is handled, answered as an error envelope. */
export class KlingRefusal extends Refusal {
  /** Without `message` the wording of the vendor's table is used; an unknown code counts as an internal error. */
  constructor(code: number, message?: string) {
    const known = CODES[code] ?? CODES[5000]!;
    super({ code, httpStatus: known.httpStatus, message: message ?? known.meaning });
  }
}

/** A refused value: HTTP 400 with code 1201, which Kling uses for nearly everything. */
export function invalid(message: string): KlingRefusal {
  return new KlingRefusal(1201, message);
}

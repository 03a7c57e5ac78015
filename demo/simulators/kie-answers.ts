import { Refusal } from './simulator-http.ts';
import type { VendorWords } from './simulator-http.ts';

/**
 * The wording of each body code. Seen in real answers of 2026: 401, 402, 422, 429 and the texts of 500 below; the others
 * are the meanings of the vendor's own table (docs.kie.ai, read 2026-04-29).
 */
const MEANINGS: Record<number, string> = {
  400: 'Bad request',
  401: 'You do not have access permissions',
  402: 'The current credits are insufficient. Please top up.',
  404: 'Not Found',
  405: 'Request method not supported',
  408: 'The upstream service gave no result within ten minutes',
  422: 'Validation error',
  429: 'Your call frequency is too high. Please try again later.',
  433: 'Sub-key usage exceeds the limit',
  455: 'The system is currently undergoing maintenance',
  500: 'Server exception, please try again later',
  501: 'Content generation task failed',
  505: 'The requested feature is currently disabled',
};

/** The codes that `[[sim:code-<code>]]` knows in words; any other number is answered as well. */
export const kieCodes: readonly number[] = Object.keys(MEANINGS).map(Number);

/** A request that Kie.ai refuses. The code stands in the body; live answers have HTTP 200 whatever the code. */
export class KieRefusal extends Refusal {
  /** Without `message` the wording of the table is used. */
  constructor(code: number, message?: string, httpStatus = 200) {
    super({ code, httpStatus, message: message ?? MEANINGS[code] ?? `Error ${code}` });
  }
}

/** A missing field: code 500, seen live on 2026-08-31. */
export function missing(name: string): KieRefusal {
  return new KieRefusal(500, `${name} is required`);
}

/** A value outside its list: code 500, quoted from live answers by several clients in 2025 and 2026. */
export function outOfRange(name: string): KieRefusal {
  return new KieRefusal(500, `${name} is not within the range of allowed options`);
}

/** The envelope of api.kie.ai. Refusals carry `data: null`. */
export const kieWords: VendorWords = {
  contentType: 'application/json;charset=UTF-8',
  successCode: 200,
  success: (data) => ({ code: 200, msg: 'success', data }),
  refusal: ({ code, message }) => ({ code, msg: message, data: null }),
  noRoute: () => new KieRefusal(404, undefined, 404),
  notJson: () => new KieRefusal(400, 'The request body is not valid JSON'),
  tooLarge: () => new KieRefusal(422, 'The request body is too large'),
  broken: (problem) => new KieRefusal(500, `Server exception, please try again later (simulator: ${problem})`),
};

/** A refusal of the file host, whose pages show real HTTP statuses; no live refusal of it was recorded. */
export function fileHostRefusal(code: number, message: string): KieRefusal {
  return new KieRefusal(code, message, code);
}

/** The envelope of the file host. */
export const fileHostWords: VendorWords = {
  contentType: 'application/json',
  successCode: 200,
  success: (data) => ({ success: true, code: 200, msg: 'File uploaded successfully', data }),
  refusal: ({ code, message }) => ({ success: false, code, msg: message }),
  noRoute: () => fileHostRefusal(404, 'Not Found'),
  notJson: () => fileHostRefusal(400, 'The request body is not valid JSON'),
  tooLarge: () => fileHostRefusal(400, 'File too large'),
  broken: () => fileHostRefusal(500, 'Internal server error'),
};

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { invalid, KlingRefusal } from './kling-answers.ts';
import { createSimulatorServer } from './simulator-http.ts';
import type { LoggedRequest, Route, VendorWords } from './simulator-http.ts';

/** Kling's envelope. Refusals carry no `data`, as in the vendor's own sample of 1303. */
const words: VendorWords = {
  contentType: 'application/json; charset=utf-8',
  successCode: 0,
  success: (data) => ({ code: 0, message: 'SUCCEED', request_id: randomUUID(), ...(data !== undefined && { data }) }),
  refusal: ({ code, message }) => ({ code, message, request_id: randomUUID() }),
  noRoute: (request) => new KlingRefusal(1202, `No route for ${request}`),
  notJson: () => new KlingRefusal(1200, 'The request body is not valid JSON'),
  tooLarge: () => invalid('The request body is too large'),
  broken: (problem) => new KlingRefusal(5000, problem),
};

/** Kling's HTTP server. `admit` throws KlingRefusal when a request lacks the credentials that `access` asks for. */
export function createKlingServer(parts: {
  routes: Route[];
  clock: () => number;
  log: LoggedRequest[];
  admit: (request: IncomingMessage, access: 'any key' | 'api key') => Promise<void>;
}) {
  return createSimulatorServer({
    ...parts,
    words,
    admit: (request, { access }) => (access === 'open' ? undefined : parts.admit(request, access)),
  });
}

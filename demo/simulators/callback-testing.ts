import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** One request that a receiver got. */
export type Arrival = { headers: IncomingHttpHeaders; text: string };

/** A receiver that answers the given statuses in turn, then 200; it closes with the test. */
export async function receiver(t: TestContext, httpStatuses: number[] = []) {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(httpStatuses.shift() ?? 200).end();
      arrivals.push({ headers: request.headers, text: Buffer.concat(chunks).toString() });
      server.emit('arrival');
    });
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');

  /** Everything that came, once there are `count`. */
  async function arrived(count: number): Promise<Arrival[]> {
    while (arrivals.length < count) await once(server, 'arrival', { signal: AbortSignal.timeout(3000) });
    return arrivals;
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, arrived };
}

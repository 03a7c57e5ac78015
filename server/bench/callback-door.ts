import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * Stands between our server and the simulator: callbacks only go to https addresses, and nobody speaks TLS here, so the
 * address in each request is turned into the server's real one on its way.
 */
export async function startCallbackDoor({ to, told, real }: { to: string; told: string; real: () => string }) {
  const server = createServer(async (request, response) => {
    const body = (await text(request)).replaceAll(told, real());
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers;
    const answer = await fetch(to + request.url, {
      method: request.method!,
      headers: headers as Record<string, string>,
      ...(body && { body }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

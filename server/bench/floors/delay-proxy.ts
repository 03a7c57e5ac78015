// Forwards to `TARGET` and holds every answer back for a millisecond, as a network does between two machines.
import { connect, createServer } from 'node:net';

const delayMs = 1;
const { hostname: host, port } = new URL(process.env['TARGET']!);

const proxy = createServer((client) => {
  const server = connect({ host, port: Number(port) });
  for (const socket of [client, server])
    socket.setNoDelay().on('error', () => {
      client.destroy();
      server.destroy();
    });
  client.pipe(server);
  server.on('data', (bytes) => void setTimeout(() => client.writable && client.write(bytes), delayMs));
  server.on('end', () => void setTimeout(() => client.end(), delayMs));
});
proxy.listen(Number(process.env['PROXY_PORT']), '127.0.0.1', async () => {
  const { Hono } = await import('hono');
  const { serveFloor } = await import('./serve-floor.ts');
  serveFloor(new Hono());
});

// Event streams on bare node:http: headers, and one line to all of them when the process is told to stop.
import { createServer, type ServerResponse } from 'node:http';

const streams = new Set<ServerResponse>();
const line = Buffer.from(': stopping\nretry: 2000\n\n');

const server = createServer((request, response) => {
  if (request.url !== '/v1/events') return void response.end('ok');
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(': welcome\nretry: 2000\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
}).listen(Number(process.env['PORT']), '127.0.0.1');
process.on('SIGTERM', () => {
  for (const stream of streams) stream.end(line);
  server.close(() => process.exit());
});

/** The plain proxy that stands before the nodes: connections in turn to those whose `/readyz` says ok. */
import { get } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const lookEveryMs = 200;
const lookPatienceMs = 1_000;

export interface Balancer {
  url: string;
  /** Whether this node gets connections now, or would if it took them. */
  hasHeardOf(port: number): boolean;
  /** From now on no connection goes there: a node without web work. */
  leaveOut(port: number): void;
  close(): Promise<void>;
}

/** Knows nothing of requests: a connection goes to one node and stays there until either side ends it. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const readyPorts = new Set<number>();
  const leftOut = new Set<number>();
  const sockets = new Set<Socket>();
  let turn = 0;

  const looks = ports.map((port) =>
    setInterval(() => {
      const isReady = (answers: boolean) => void (answers ? readyPorts.add(port) : readyPorts.delete(port));
      const asked = get(
        { port, host: '127.0.0.1', path: '/readyz', agent: false, timeout: lookPatienceMs },
        (answer) => {
          answer.resume();
          isReady(answer.statusCode === 200);
        },
      );
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => isReady(false));
    }, lookEveryMs),
  );

  const server = createServer((client) => {
    const choice = [...readyPorts].filter((port) => !leftOut.has(port));
    const port = choice[turn++ % choice.length];
    if (port === undefined) return void client.destroy();
    const node = connect(port, '127.0.0.1');
    const end = () => {
      for (const socket of [client, node]) {
        socket.destroy();
        sockets.delete(socket);
      }
    };
    for (const socket of [client, node]) {
      sockets.add(socket);
      socket.setNoDelay().on('error', end).on('close', end);
    }
    client.pipe(node);
    node.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hasHeardOf: (port) => readyPorts.has(port),
    leaveOut: (port) => void leftOut.add(port),
    async close() {
      for (const look of looks) clearInterval(look);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

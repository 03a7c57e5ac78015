import { connect, type Socket } from 'node:net';
import { quantile } from './figures.ts';
import { request } from './load.ts';

const atOnce = 50;
const farewell = ': stopping';
const patienceMs = 30_000;

/** Many open event streams. */
export interface Crowd {
  /** Waits for the last line of all; answers how long after its first receiver the p99 one had it, in ms. */
  farewellMs(): Promise<number>;
  close(): void;
}

/** Opens a stream with each token at `url`; resolves once all have been welcomed. */
export async function gatherCrowd(url: string, tokens: readonly string[]): Promise<Crowd> {
  const { hostname: host, port } = new URL(url);
  const sockets: Socket[] = [];
  const heardAt: number[] = [];
  const all = Promise.withResolvers<void>();

  const join = (token: string) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host, port: Number(port) });
      socket.on('error', reject).on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (text.includes(farewell) && heardAt.push(performance.now()) === tokens.length) all.resolve();
        if (!text.startsWith('HTTP/1.1')) return;
        if (text.startsWith('HTTP/1.1 200')) resolve();
        else reject(new Error(text));
      });
      socket.write(request('/v1/events', { token }));
      sockets.push(socket);
    });

  for (let at = 0; at < tokens.length; at += atOnce) await Promise.all(tokens.slice(at, at + atOnce).map(join));
  return {
    async farewellMs() {
      const late = new Promise((_, reject) =>
        setTimeout(
          () => reject(new Error(`${heardAt.length} of ${tokens.length} heard the last line`)),
          patienceMs,
        ).unref(),
      );
      await Promise.race([all.promise, late]);
      return quantile(heardAt, 0.99) - Math.min(...heardAt);
    },
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}

import { connect, type Socket } from 'node:net';
import { quantile } from './figures.ts';
import { request } from './load.ts';

const atOnce = 50;
const heartbeat = ': still here';
/** A beat is over when nothing more of it has come for so long. */
const quietMs = 2_000;

/** Many open event streams. */
export interface Crowd {
  /** Waits for the next line that is told to all; answers how long after its first receiver the p99 one had it, in ms. */
  nextBeatMs(): Promise<number>;
  close(): void;
}

/** Opens a stream with each token at `url`; resolves once all have been welcomed. */
export async function gatherCrowd(url: string, tokens: readonly string[]): Promise<Crowd> {
  const { hostname: host, port } = new URL(url);
  const sockets: Socket[] = [];
  let heardAt: number[] = [];

  const join = (token: string) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host, port: Number(port) });
      socket.on('error', reject).on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (text.includes(heartbeat)) heardAt.push(performance.now());
        if (!text.startsWith('HTTP/1.1')) return;
        if (text.startsWith('HTTP/1.1 200')) resolve();
        else reject(new Error(text));
      });
      socket.write(request('/v1/events', { token }));
      sockets.push(socket);
    });

  for (let at = 0; at < tokens.length; at += atOnce) await Promise.all(tokens.slice(at, at + atOnce).map(join));
  return {
    async nextBeatMs() {
      heardAt = [];
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        const last = heardAt.at(-1);
        if (last === undefined || performance.now() - last < quietMs) continue;
        // Those that were joined beside a beat hear of it too; only a beat to all counts.
        if (heardAt.length < tokens.length * 0.99) heardAt = [];
        else return quantile(heardAt, 0.99) - Math.min(...heardAt);
      }
    },
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface DatabaseLink {
  /** The same database by way of this link. */
  url: string;
  /** Ends what is open and lets nothing through. */
  cut(): void;
  /** What is open stays open and carries nothing more: half of a dead connection looks alive. */
  silence(): void;
  /** New connections get through again; what was silent stays so. */
  restore(): void;
  close(): Promise<void>;
}

/** The wire between one node and PostgreSQL, to be cut. */
export async function startDatabaseLink(databaseUrl: string): Promise<DatabaseLink> {
  const { hostname: host, port } = new URL(databaseUrl);
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let isCut = false;

  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect({ host, port: Number(port) });
    const pair = { near, far };
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of [near, far]) socket.setNoDelay().on('error', end).on('close', end);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(databaseUrl);
  own.port = String((server.address() as AddressInfo).port);

  function endAll(): void {
    for (const { near } of pairs) near.destroy();
  }

  return {
    url: own.href,
    cut() {
      isCut = true;
      endAll();
    },
    silence() {
      for (const { near, far } of pairs) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
    },
    restore: () => void (isCut = false),
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

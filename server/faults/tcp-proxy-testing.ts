/** A proxy between our pool and a real PostgreSQL that knows where one message ends and the next begins. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** When the connection dies: the message never arrives, or it arrives and the answer is lost. */
export type CutMode = 'before' | 'after';

interface Plan {
  matches: (message: Buffer) => boolean;
  mode: CutMode;
}

/**
 * Listens on a free port of 127.0.0.1 and forwards to `url`'s server. Messages of the wire protocol 3.0 are one letter,
 * four bytes of length, the rest (manual, 54.7); the client's first has no letter. The client may send several before
 * the first is answered.
 */
export async function startPostgresProxy(url: string) {
  const { hostname: host, port } = new URL(url);
  const links = new Set<{ client: Socket; server: Socket; isListener: boolean; isSilent: boolean }>();
  let plan: Plan | null = null;
  let hasCut = false;

  const listener = createServer((client) => {
    const server = connect({ host, port: Number(port) });
    const link = { client, server, isListener: false, isSilent: false };
    links.add(link);
    const end = () => {
      client.destroy();
      server.destroy();
      links.delete(link);
    };
    for (const socket of [client, server]) socket.setNoDelay().on('error', end).on('close', end);
    /** How many answers are still to come: one at the start, and one to each message that asks for it. */
    let owed = 1;
    let isCut = false;
    const forward = (message: Buffer) => {
      if (isAnswered(message)) owed++;
      server.write(message);
    };
    const cut = (message: Buffer, mode: CutMode) => {
      hasCut = isCut = true;
      plan = null;
      if (mode === 'before') end();
      else forward(message);
    };
    const splitAnswers = messageSplitter({ isFirstWithoutLetter: false });
    server.on('data', (chunk) => {
      for (const message of splitAnswers(chunk)) if (letterOf(message) === readyForQuery) owed--;
      if (!isCut) return void (!link.isSilent && client.write(chunk));
      // Answers are waited for and thrown away, so that what was asked for has certainly been done.
      if (owed === 0) end();
    });
    const split = messageSplitter({ isFirstWithoutLetter: true });
    client.on('data', (chunk) => {
      for (const message of split(chunk)) {
        if (link.isSilent || isCut) continue;
        if (message.includes('listen kling')) link.isListener = true;
        if (plan?.matches(message)) cut(message, plan.mode);
        else forward(message);
      }
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.port = String((listener.address() as AddressInfo).port);

  return {
    url: own.href,
    /**
     * Cuts the connection that sends the n-th message from now on, counted over all connections. An answer can only be
     * lost where one comes.
     */
    cutAt(nth: number, mode: CutMode): void {
      let seen = 0;
      plan = { mode, matches: (message) => (mode === 'before' || isAnswered(message)) && ++seen === nth };
      hasCut = false;
    },
    /** Cuts the connection that next sends a message with this text. */
    cutAtText(text: string, mode: CutMode): void {
      plan = { mode, matches: (message) => message.includes(text) };
      hasCut = false;
    },
    /** Forgets a cut that has not come yet; true when one came. */
    disarm(): boolean {
      plan = null;
      return hasCut;
    },
    /** Connections that LISTEN, or all others, stay open and carry nothing more in either direction. */
    silence(which: 'listeners' | 'others'): void {
      for (const link of links) if (link.isListener === (which === 'listeners')) link.isSilent = true;
    },
    /** Cuts the connections that LISTEN. */
    cutListeners(): void {
      for (const link of links) if (link.isListener) link.client.destroy();
    },
    async close(): Promise<void> {
      for (const { client, server } of links) [client, server].forEach((socket) => socket.destroy());
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

const readyForQuery = 'Z';
const letterOf = (message: Buffer) => String.fromCharCode(message[0]!);
/** A query (Q) or the end of an extended one (S). */
const isAnswered = (message: Buffer) => 'QS'.includes(letterOf(message));

function messageSplitter({ isFirstWithoutLetter }: { isFirstWithoutLetter: boolean }) {
  let rest = Buffer.alloc(0);
  let isFirst = isFirstWithoutLetter;
  return (chunk: Buffer): Buffer[] => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      const letter = isFirst ? 0 : 1;
      if (rest.length < letter + 4) return messages;
      const end = letter + rest.readUInt32BE(letter);
      if (rest.length < end) return messages;
      messages.push(rest.subarray(0, end));
      rest = rest.subarray(end);
      isFirst = false;
    }
  };
}

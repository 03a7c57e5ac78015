import type { ServerOptions } from 'node:http';

/**
 * How long a client may take, set here so that no change of Node's own defaults changes them. `requestTimeout` covers
 * head and body of a request, so it is also what an upload may take; answers and event streams have no such limit.
 */
export const connectionLimits = {
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  /** Longer than the minute that proxies keep a connection, so that they are not surprised by a closed one. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
} satisfies ServerOptions;

/** Connections beyond this are closed at once instead of taking the last file descriptors. */
export const maxConnections = 10_000;

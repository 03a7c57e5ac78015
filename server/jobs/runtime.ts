/** Everything the core takes from outside the rows: passed in, so that a test or a simulator owns time and chance. */
export interface Runtime {
  /** Epoch milliseconds, UTC. */
  now(): number;
  /** A new id that was never used before; ids made later sort later (UUIDv7, RFC 9562). */
  newId(): string;
  /** In [0, 1). */
  random(): number;
  /** A signal that aborts after this long. */
  deadline(timeoutMs: number): AbortSignal;
}

/** Where the core reports. `error` means that an operator should look. */
export interface Log {
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

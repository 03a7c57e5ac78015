const pauseMs = 60_000;

export interface SparingLogParts {
  log: { warn(facts: object, sentence: string): void };
  now(): number;
}

/** Warns once a minute at most: a service that is down would fill the log with every seller's try. */
export function createSparingLog({ log, now }: SparingLogParts) {
  let quietUntilMs = -Infinity;
  let unsaid = 0;
  return (facts: object, sentence: string): void => {
    if (now() < quietUntilMs) {
      unsaid += 1;
      return;
    }
    log.warn({ ...facts, ...(unsaid > 0 && { unsaid }) }, sentence);
    quietUntilMs = now() + pauseMs;
    unsaid = 0;
  };
}

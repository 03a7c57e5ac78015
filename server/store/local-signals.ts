import { leaveWithTransaction, type Signal, type SignalListener, type Signals } from './database.ts';

/** The ears of one process. */
export interface LocalSignals extends Signals {
  /** To the listeners, at once and whatever transaction is open. One listener's fault does not reach the next. */
  deliver(signals: readonly Signal[]): void;
  tellGap(): void;
}

/** Signals within one process, and the part of a line between processes that lies in each of them. */
export function createLocalSignals(onFault: (fault: unknown) => void = () => {}): LocalSignals {
  const ears = new Set<{ hear: SignalListener; onGap: () => void }>();

  function each(tell: (ear: { hear: SignalListener; onGap: () => void }) => void): void {
    for (const ear of ears) {
      try {
        tell(ear);
      } catch (fault) {
        onFault(fault);
      }
    }
  }

  function deliver(signals: readonly Signal[]): void {
    for (const signal of signals) each(({ hear }) => hear(signal));
  }

  return {
    deliver,
    publish(...signals) {
      if (!leaveWithTransaction(signals)) deliver(signals);
    },
    subscribe(hear, onGap = () => {}) {
      const ear = { hear, onGap };
      ears.add(ear);
      return () => ears.delete(ear);
    },
    tellGap: () => each(({ onGap }) => onGap()),
  };
}

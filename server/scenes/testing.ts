/** The simulator and a log that remembers, for tests of what asks OpenAI. */
import type { TestContext } from 'node:test';
import { startOpenAiSimulator, type OpenAiSimulatorOptions } from '../../demo/simulators/openai.ts';

export interface Warning {
  facts: Record<string, unknown>;
  sentence: string;
}

/** Closes with the test. `patienceMs` ends every deadline sooner than asked; `clock.nowMs` is the log's time. */
export async function startOpenAi(t: TestContext, options: OpenAiSimulatorOptions & { patienceMs?: number } = {}) {
  const { patienceMs, ...simulated } = options;
  const simulator = await startOpenAiSimulator({ answerMs: 0, slowMs: 3_600_000, ...simulated });
  t.after(() => simulator.close());
  const { apiKey, baseUrl } = simulator;
  const warnings: Warning[] = [];
  const askedMs: number[] = [];
  const clock = { nowMs: 0 };
  const parts = {
    openAi: { apiKey, baseUrl, model: 'gpt-5.6-luna' },
    log: { warn: (facts: object, sentence: string) => void warnings.push({ facts: { ...facts }, sentence }) },
    now: () => clock.nowMs,
    deadline: (timeoutMs: number) => {
      askedMs.push(timeoutMs);
      return AbortSignal.timeout(patienceMs ?? timeoutMs);
    },
  };
  return { simulator, parts, warnings, askedMs, clock };
}

/** For tests of waiting: far less than the client itself would wait. */
export const quick = { timeout: 2_500 };

/** A caller that stays. */
export const patient = (): AbortSignal => new AbortController().signal;

import type { TestContext } from 'node:test';
import { startKieSimulator } from './kie.ts';
import type { KieSimulatorOptions } from './kie.ts';
import { plainPhoto } from './kling-testing.ts';
import type { Seen } from './kling-testing.ts';

/**
 * Starts a simulator with small results and a clock that stands still until `pass` moves it; it closes with the test.
 * `call` sends JSON with the key unless told otherwise; `create` starts a text-to-picture task.
 */
export async function simulateKie(test: TestContext, options: KieSimulatorOptions = {}) {
  let nowMs = Date.now();
  const simulator = await startKieSimulator({ video: 'tiny', clock: () => nowMs, ...options });
  test.after(() => simulator.close());

  async function call(path: string, { body, token }: { body?: unknown; token?: string | null } = {}): Promise<Seen> {
    const bearer = token === undefined ? simulator.apiKey : token;
    const isForm = body instanceof FormData;
    const response = await fetch(simulator.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { httpStatus: response.status, body: isJson ? JSON.parse(text) : text };
  }

  function create(input: object = {}, { model = 'google/nano-banana', ...rest }: CreateRest = {}): Promise<Seen> {
    return call('/api/v1/jobs/createTask', { body: { model, input: { prompt: 'a mug', ...input }, ...rest } });
  }

  const read = (taskId: string) => call(`/api/v1/jobs/recordInfo?taskId=${taskId}`);

  /** Moves the clock and applies what is due. */
  function pass(durationMs: number): void {
    nowMs += durationMs;
    simulator.advance();
  }

  return {
    simulator,
    call,
    create,
    read,
    pass,
    /** Puts a photo of one colour on the file host; its address. */
    async photo(width = 300, height = 400): Promise<string> {
      const body = { base64Data: await plainPhoto(width, height), uploadPath: 'photos' };
      return (await call('/api/file-base64-upload', { body })).body.data.downloadUrl;
    },
    /** Creates a task, lets it end and gives the record and the first address of its result. */
    async finished(input: object = {}, rest: CreateRest = {}) {
      const { taskId } = (await create(input, rest)).body.data;
      pass(10_000);
      const record = (await read(taskId)).body.data;
      const result = record.resultJson === '' ? {} : JSON.parse(record.resultJson);
      return { taskId: taskId as string, record, url: result.resultUrls?.[0] as string };
    },
  };
}

type CreateRest = { model?: string; callBackUrl?: string };

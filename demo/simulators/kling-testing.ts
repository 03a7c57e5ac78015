import type { TestContext } from 'node:test';
import sharp from 'sharp';
import { startKlingSimulator } from './kling.ts';
import type { KlingSimulator, KlingSimulatorOptions } from './kling.ts';

/** A JPEG of one colour with the given size, as raw base64. */
export async function plainPhoto(width = 300, height = 400): Promise<string> {
  const jpeg = await sharp({ create: { width, height, channels: 3, background: '#b5651d' } })
    .jpeg()
    .toBuffer();
  return jpeg.toString('base64');
}

/** An answer as a test sees it; `body` is the parsed envelope, or the text when it is not JSON. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers are judged field by field
export type Seen = { httpStatus: number; body: any };

/**
 * Starts a simulator with small clips and a clock that stands still until `pass` moves it; it closes with the test.
 * `call` sends JSON with the API key unless told otherwise; `create` posts a legacy picture task.
 */
export async function simulate(test: TestContext, options: KlingSimulatorOptions = {}) {
  let nowMs = Date.now();
  const simulator = await startKlingSimulator({ video: 'tiny', clock: () => nowMs, ...options });
  test.after(() => simulator.close());
  const image = await plainPhoto();

  async function call(path: string, { body, token }: { body?: object; token?: string | null } = {}): Promise<Seen> {
    const bearer = token === undefined ? simulator.apiKey : token;
    const response = await fetch(path.startsWith('http') ? path : simulator.url + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { httpStatus: response.status, body: isJson ? JSON.parse(text) : text };
  }

  function create(fields: object = {}): Promise<Seen> {
    const body = { model_name: 'kling-v2-5-turbo', prompt: 'a slow turn', image, ...fields };
    return call('/v1/videos/image2video', { body });
  }

  return {
    simulator: simulator as KlingSimulator,
    image,
    call,
    create,
    read: (id: string) => call(`/v1/videos/image2video/${id}`),
    /** Moves the clock and applies what is due. */
    pass(durationMs: number) {
      nowMs += durationMs;
      simulator.advance();
    },
    nowMs: () => nowMs,
  };
}

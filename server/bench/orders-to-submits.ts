import { v7 } from 'uuid';
import { median } from './figures.ts';
import { startProviderDouble } from './provider-double.ts';
import { benchPresets, mintToken } from './sellers.ts';
import type { Site } from './site.ts';

/** Times the way of an order from the seller's request to our request at the provider. */
export async function createStopwatch() {
  let submitted = () => {};
  const kling = await startProviderDouble({ onSubmit: () => submitted() });

  async function once(site: Site, token: string): Promise<number> {
    const arrival = new Promise<number>((resolve) => (submitted = () => resolve(performance.now())));
    const start = performance.now();
    const answer = await fetch(`${site.url}/v1/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': v7() },
      body: JSON.stringify({ presetId: benchPresets.words, title: 'A mug' }),
    });
    if (answer.status !== 201) throw new Error(`the order was refused: ${await answer.text()}`);
    await answer.arrayBuffer();
    return (await arrival) - start;
  }

  return {
    kling,
    /** Of so many orders, one after another. */
    async medianMs(site: Site, orders: number): Promise<number> {
      const token = await mintToken(site.sellers[0]!.userId);
      const tookMs: number[] = [];
      for (let n = 0; n < orders; n++) tookMs.push(await once(site, token));
      return median(tookMs);
    },
    close: () => kling.close(),
  };
}

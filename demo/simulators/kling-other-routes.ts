import { invalid, KlingRefusal } from './kling-answers.ts';
import type { Route } from './simulator-http.ts';
import type { RouteParts } from './kling-route-parts.ts';
import type { Product } from './kling-tasks.ts';

/** `GET /account/costs`: at most one call a second; without packs the key is missing (live, 2026-09); the remaining quantity lags twelve hours, so it never moves here. */
export function accountRoutes({ clock, store }: RouteParts): Route[] {
  let lastCallMs = Number.NEGATIVE_INFINITY;
  return [
    {
      method: 'GET',
      pattern: /^\/account\/costs$/,
      access: 'any key',
      handle({ url }) {
        const nowMs = clock();
        if (!url.searchParams.get('start_time') || !url.searchParams.get('end_time')) {
          throw invalid('start_time and end_time are required');
        }
        if (nowMs - lastCallMs < 1000) throw new KlingRefusal(1302);
        lastCallMs = nowMs;
        const packs = store.packs().map((product) => packOf(product, { nowMs, slots: store.slots(product) }));
        return {
          kind: 'success',
          data: { code: 0, msg: 'success', ...(packs.length > 0 && { resource_pack_subscribe_infos: packs }) },
        };
      },
    },
  ];
}

/** Result files, without credentials. */
export function fileRoutes({ files, store }: RouteParts): Route[] {
  return [
    {
      method: 'GET',
      pattern: /^\/files\/[^/]+\/[^/]+\.(?:mp4|png)$/,
      access: 'open',
      async handle(exchange) {
        store.advance();
        return { kind: 'sent', httpStatus: await files.serve(exchange) };
      },
    },
  ];
}

/** Kling writes the number of slots into the pack's name. */
function packOf(product: Product, { nowMs, slots }: { nowMs: number; slots: number }) {
  const dayMs = 86_400_000;
  return {
    resource_pack_name: `${product === 'video' ? 'Video' : 'Image'} Generation-1000-${slots}Con-Simulated`,
    resource_pack_id: `simulated-${product}-pack`,
    resource_pack_type: 'decreasing_total',
    total_quantity: 1000,
    remaining_quantity: 1000,
    purchase_time: nowMs - dayMs,
    effective_time: nowMs - dayMs,
    invalid_time: nowMs + 90 * dayMs,
    status: 'online',
  };
}

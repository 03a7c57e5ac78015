import { invalid, KlingRefusal } from './kling-answers.ts';
import type { Route } from './simulator-http.ts';
import type { RouteParts } from './kling-route-parts.ts';

/** `GET /account/costs`: at most one call a second; the remaining quantity lags twelve hours, so it never moves here. */
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
        return {
          kind: 'success',
          data: { code: 0, msg: 'success', resource_pack_subscribe_infos: [videoPack(nowMs, store.slots())] },
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
      pattern: /^\/files\/[^/]+\/[^/]+\.mp4$/,
      access: 'open',
      async handle(exchange) {
        store.advance();
        return { kind: 'sent', httpStatus: await files.serve(exchange) };
      },
    },
  ];
}

/** Kling writes the number of slots into the pack's name. */
function videoPack(nowMs: number, slots: number) {
  const dayMs = 86_400_000;
  return {
    resource_pack_name: `Video Generation-1000-${slots}Con-Simulated`,
    resource_pack_id: 'simulated-pack',
    resource_pack_type: 'decreasing_total',
    total_quantity: 1000,
    remaining_quantity: 1000,
    purchase_time: nowMs - dayMs,
    effective_time: nowMs - dayMs,
    invalid_time: nowMs + 90 * dayMs,
    status: 'online',
  };
}

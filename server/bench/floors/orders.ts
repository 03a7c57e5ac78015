import { request } from '../load.ts';
import { shippedPreset } from '../rows.ts';
import { floorAccounts, type FloorOrder } from './tables.ts';

/** Orders for the floors, from all their accounts by turns. */
export function floorOrders(): string[] {
  return Array.from({ length: floorAccounts }, (_, n) => {
    const json: FloorOrder = { account: String(n), prompt: shippedPreset.prompt };
    return request('/jobs', { method: 'POST', json, headers: { 'idempotency-key': '{id}' } });
  });
}

import { html } from 'hono/html';
import { checkMarketplace, type MarketplaceCheck } from '../../jobs/marketplace.ts';
import type { JobRow, MarketplaceRules } from '../../store/schema.ts';
import { decimal, type Html } from '../format.ts';
import type { AdminContext } from '../parts.ts';
import { table } from './table.ts';
import { verdict } from './tryout-view.ts';

/** A finished file against what its marketplace asks; null when nothing is asked or there is no file. */
export function marketplaceCheck(c: AdminContext, job: JobRow, rules: MarketplaceRules | null): Html | null {
  const checks = job.video && rules ? checkMarketplace(job.video, rules) : [];
  if (!rules || checks.length === 0) return null;
  const { presets } = c.get('words');
  const rows = checks.map((check) => [
    presets.rules[check.rule],
    verdict(c, check.passes),
    html`${presets.isFile(shown(c, check, check.actual))}
      <span class="hint">${presets.asked(shown(c, check, check.asked))}</span>`,
  ]);
  const columns = [{ label: presets.limit }, { label: presets.result }, { label: presets.value }];
  const caption = `${presets.checkTitle}: ${rules.marketplace}`;
  return html`<section class="card">
    <h2>${caption}</h2>
    ${table({ caption, columns, rows })}
    <p class="hint">${presets.source}: ${rules.source}</p>
  </section>`;
}

const megabyte = 1_000_000;

function shown(c: AdminContext, { rule }: MarketplaceCheck, value: string | number): string {
  if (typeof value === 'string') return value;
  return decimal(c.get('language'), rule === 'maxBytes' ? value / megabyte : value);
}

import { html } from 'hono/html';
import type { MarketplaceRules, PresetRow } from '../../store/schema.ts';
import { decimal, wholeNumber, type Html } from '../format.ts';
import { formToken } from '../layout.ts';
import type { AdminContext } from '../parts.ts';
import { services } from '../../jobs/models.ts';
import { choicesText } from './choice-text.ts';
import { makingText, modelText } from './making-text.ts';
import { table } from './table.ts';

/** All presets in the seller's order, each with its deeds; `unmade` are those that no account can have made. */
export function presetTable(c: AdminContext, presets: PresetRow[], unmade: ReadonlySet<PresetRow>): Html {
  const { presets: words } = c.get('words');
  return table({
    caption: words.title,
    columns: [
      { label: words.preset },
      { label: words.makes },
      { label: words.marketplace },
      { label: words.offered },
      { label: words.actions },
    ],
    rows: presets.map((preset, at) => [
      name(c, preset),
      makes(c, preset),
      marketplace(c, preset.rules),
      offer(c, preset, unmade.has(preset)),
      deeds(c, preset, { isFirst: at === 0, isLast: at === presets.length - 1 }),
    ]),
  });
}

function name(c: AdminContext, { presetId, titles }: PresetRow): Html {
  return html`<a class="row-name" id="preset-${presetId}" href="/admin/presets/${presetId}"
      >${titles[c.get('language')]}</a
    >
    <span class="hint"><code>${presetId}</code></span>`;
}

function offer(c: AdminContext, { enabled }: PresetRow, isUnmade: boolean): Html {
  const { presets: words } = c.get('words');
  return html`<span class="badge badge-${enabled ? 'completed' : 'pending'}"
      >${enabled ? words.offered : words.notOffered}</span
    >
    ${enabled && isUnmade && html`<span class="hint">${words.unmade} <a href="/admin/health">${words.toAccounts}</a></span>`}`;
}

function makes(c: AdminContext, preset: PresetRow): Html {
  const words = c.get('words');
  const price = words.tokens(wholeNumber(c.get('language'), preset.tokensCost));
  const choices = choicesText(words, preset.choices);
  return html`${words.kinds[preset.kind]}
    <span class="hint">${makingText(words, preset)}</span>
    <span class="hint">${services[preset.provider].name} · ${modelText(preset)}</span>
    <span class="hint">${price}${choices && ` · ${words.presets.choosable}: ${choices}`}</span>`;
}

function marketplace(c: AdminContext, rules: MarketplaceRules | null): Html {
  const { presets: words } = c.get('words');
  if (!rules) return html`<span class="hint">${words.noMarketplace}</span>`;
  const { minSeconds, maxSeconds, maxBytes, containers, aspectRatio } = rules;
  const length = (minSeconds ?? maxSeconds) !== null ? `${minSeconds ?? ''}–${maxSeconds ?? ''}` : '';
  const asked = [
    length && words.lengths(length),
    maxBytes !== null && `${words.rules.maxBytes}: ${decimal(c.get('language'), maxBytes / 1e6)}`,
    containers.join('/').toUpperCase(),
    aspectRatio !== null && `${words.ratio} ${aspectRatio}`,
  ].filter(Boolean);
  return html`${rules.marketplace} <span class="hint">${asked.join(' · ')}</span>
    <span class="hint">${rules.source}</span>`;
}

function deeds(c: AdminContext, preset: PresetRow, { isFirst, isLast }: { isFirst: boolean; isLast: boolean }): Html {
  const { presets: words } = c.get('words');
  const path = `/admin/presets/${preset.presetId}`;
  const whose = html`<span class="unseen">${words.of(preset.titles[c.get('language')])}</span>`;
  const hidden = (name: string, value: string | number) =>
    html`<input type="hidden" name="${name}" value="${value}" />`;
  const arrow = (sign: string, label: string) =>
    html`<span aria-hidden="true">${sign}</span><span class="unseen">${label}</span>`;
  const deed = (action: string, label: Html | string, fields?: Html) =>
    html`<form method="post" action="${path}/${action}">
      ${formToken(c)} ${fields}<button class="quiet">${label}${whose}</button>
    </form>`;
  const offer = html`${hidden('expectedRevision', preset.revision)} ${hidden('enabled', preset.enabled ? 'off' : 'on')}`;
  return html`<div class="deeds">
    ${!isFirst && deed('move', arrow('↑', words.up), hidden('by', 'up'))}
    ${!isLast && deed('move', arrow('↓', words.down), hidden('by', 'down'))} ${deed('copy', words.copy)}
    ${deed('offer', preset.enabled ? words.withdraw : words.offer, offer)}
  </div>`;
}

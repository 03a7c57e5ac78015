import { Hono } from 'hono';
import { html } from 'hono/html';
import { pricedOffers } from '../../jobs/choices.ts';
import { checkForm, type Form } from '../form.ts';
import { moment, wholeNumber, type Html } from '../format.ts';
import { formToken, showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { emptyState, pageHead } from '../pieces/blocks.ts';
import { authorOf } from '../pieces/conflict.ts';
import { costCell, marginCell, offerCells, priceNotes, sellerView } from '../pieces/price-cells.ts';
import { makingText, modelText } from '../pieces/making-text.ts';
import { table } from '../pieces/table.ts';
import { priceFormSchema } from '../preset-form.ts';
import { createPresetSaving } from '../preset-saving.ts';
import type { PresetRow } from '../../store/schema.ts';
import { refusedPage } from './refused.ts';

interface PriceEdit {
  presetId: string;
  form: Form;
  problem: string;
  status: 409 | 422;
}

/** The price list: every preset is a row by itself, new ones too, and so is each thing that may be chosen. */
export function pricesPage(parts: AdminParts): Hono<AdminEnv> {
  const { store, tokenPriceUsd } = parts;
  const saving = createPresetSaving(parts);

  async function show(c: AdminContext, edit?: PriceEdit) {
    const { prices, presets: words } = c.get('words');
    const presets = await store.presets.list();
    const rows = presets.flatMap((preset) => [
      [
        ...priceRow(c, preset, edit?.presetId === preset.presetId ? edit : undefined),
        costCell(c, preset),
        marginCell(c, preset, tokenPriceUsd),
        sellerView(preset),
      ],
      ...pricedOffers(preset)
        .slice(1)
        .map((offer) => offerCells(c, preset, { offer, tokenPriceUsd })),
    ]);
    const list = table({
      caption: prices.title,
      columns: [
        { label: prices.preset },
        { label: prices.price },
        { label: words.cost },
        { label: words.margin },
        { label: words.sellerSees },
      ],
      rows,
    });
    const body = html`${pageHead(prices.title, prices.lead)}
    ${
      presets.length === 0
        ? emptyState(prices.empty, prices.emptyDo)
        : html`<div class="price-list">${list}</div>
            ${priceNotes(c, tokenPriceUsd)}`
    }`;
    return showPage(c, { title: prices.title, section: 'prices', body, status: edit?.status ?? 200 });
  }

  async function save(c: AdminContext, preset: PresetRow) {
    const { problems: sentences, prices } = c.get('words');
    const { presetId } = preset;
    const form = c.get('form');
    const { value, problems } = checkForm(priceFormSchema, form);
    if (!value) {
      const problem = sentences[problems['price'] ?? 'invalid'];
      return show(c, { presetId, form, problem, status: 422 });
    }
    if (value.expectedRevision === preset.revision && value.price === preset.tokensCost)
      return redirectWithNotice(c, '/admin/prices', 'nothingChanged');
    const { expectedRevision } = value;
    const change = { tokensCost: value.price };
    const saved = await saving.revise(c, { preset, expectedRevision, change, action: 'preset.priced' });
    if (saved) return redirectWithNotice(c, '/admin/prices', 'priceSaved');
    const now = await store.presets.get(presetId);
    const problem = prices.conflict(wholeNumber(c.get('language'), now!.tokensCost));
    return show(c, { presetId, form: { price: form['price']! }, problem, status: 409 });
  }

  return new Hono<AdminEnv>()
    .get('/', (c) => show(c))
    .get('/:id', (c) => c.redirect('/admin/prices', 303))
    .post('/:id', async (c) => {
      const preset = await store.presets.get(c.req.param('id'));
      return preset ? save(c, preset) : refusedPage(c, { reason: 'notFound', status: 404 });
    });
}

function priceRow(c: AdminContext, preset: PresetRow, edit: PriceEdit | undefined): Html[] {
  const { kinds, prompts, prices } = c.get('words');
  const language = c.get('language');
  const name = html`<span class="row-name" id="price-${preset.presetId}">${preset.titles[language]}</span>
    <span class="hint"
      >${kinds[preset.kind]} · ${makingText(c.get('words'), preset)} ·
      ${modelText(preset)}${!preset.enabled && ` · ${prompts.disabled}`}</span
    >
    <span class="hint"
      >${prices.changed}: ${moment(language, preset.createdAt)}, ${authorOf(c, preset)},
      ${prompts.revision(preset.revision)}</span
    >`;
  return [name, priceForm(c, preset, edit)];
}

function priceForm(c: AdminContext, preset: PresetRow, edit: PriceEdit | undefined): Html {
  const { prices, save } = c.get('words');
  const id = `${preset.presetId}-price`;
  return html`<form class="price-form" method="post" action="/admin/prices/${preset.presetId}">
    ${formToken(c)}
    <input type="hidden" name="expectedRevision" value="${edit?.form['expectedRevision'] ?? preset.revision}" />
    <label class="unseen" for="${id}">${prices.priceOf(preset.titles[c.get('language')])}</label>
    <input
      id="${id}"
      name="price"
      inputmode="numeric"
      autocomplete="off"
      required
      value="${edit?.form['price'] ?? preset.tokensCost}"
      aria-describedby="${id}-help"
      ${edit && html`aria-invalid="true" autofocus`}
    />
    <button class="quiet">${save}</button>
    <p id="${id}-help" class="${edit ? 'problem' : 'unseen'}">${edit?.problem ?? prices.hint}</p>
  </form>`;
}

import { html, type Markup } from './markup.ts';
import { drafts, products, type ContentState, type Marketplace, type Product } from './products.ts';
import type { PanelTexts } from './texts/texts.ts';

/** The language of a page and its texts. */
export type Wording = { lang: string; texts: PanelTexts };

const marketplaceTitles: Record<Marketplace, string> = { wb: 'WB', ozon: 'Ozon' };

/** A price as the seller reads it: `1 190 ₽`; kopecks only where there are some. */
export function inRubles({ lang }: Pick<Wording, 'lang'>, amount: number): string {
  return new Intl.NumberFormat(lang, {
    style: 'currency',
    currency: 'RUB',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
  }).format(amount);
}

/** Where the panel serves a sample photo. */
export const photoUrl = (file: string): string => `/photos/${encodeURIComponent(file)}`;

const badge = (place: Marketplace): Markup => html`<span class="badge ${place}">${marketplaceTitles[place]}</span>`;

const stateMark = (value: ContentState, label: string): Markup => html`<span class="state ${value}">${label}</span>`;

const only = (text: string): Markup => html`<span class="hidden">${text}</span>`;

function state({ texts }: Wording, label: string, value: ContentState): Markup {
  return html`<p class="product-state">
    <span class="product-state-label">${label}</span> ${stateMark(value, texts.states[value])}
  </p>`;
}

/** The product's video column: its state, or the way to make a video when there is none. */
function videoState(wording: Wording, { id, video }: Product): Markup {
  const { texts } = wording;
  if (video !== 'none') return state(wording, texts.overview.video, video);
  return html`<p class="product-state">
    <span class="product-state-label">${texts.overview.video}</span>
    <a href="/video-covers?product=${id}">${texts.make}${only(texts.forProduct(texts.products[id].name))}</a>
  </p>`;
}

/** The product list of the overview page. */
export function renderProductRows(wording: Wording): Markup[] {
  const { texts } = wording;
  return products.map(
    (product) =>
      html`<li class="product">
        <img src="/assets/product-${product.id}.svg" alt="" width="45" height="60" />
        <div class="product-name">
          <p>${texts.products[product.id].name}</p>
          <p class="meta">${product.marketplaces.map(badge)} ${product.sku}</p>
        </div>
        ${state(wording, texts.overview.card, product.card)} ${videoState(wording, product)}
        ${state(wording, texts.overview.text, product.text)}
      </li>`,
  );
}

/** The products with their generated slides on the cards page. */
export function renderProductCards({ texts }: Wording): Markup[] {
  return products.map(({ id, marketplaces, sku, card }) => {
    const { name, claims } = texts.products[id];
    return html`<li>
      <div class="slide">
        <img src="/assets/product-${id}.svg" alt="" width="240" height="320" loading="lazy" />
        <ul>
          ${claims.map((claim) => html`<li>${claim}</li>`)}
        </ul>
      </div>
      <p class="card-name">${name}</p>
      <p class="meta">${marketplaces.map(badge)} ${sku}</p>
      <p class="meta">
        ${stateMark(card, texts.states[card])}
        <a href="/video-covers?product=${id}">${texts.overview.video}${only(texts.forProduct(name))}</a>
      </p>
    </li>`;
  });
}

/** The product as a marketplace shows it; `picture` is the URL of its photo, to be replaced by the chosen clip. */
export function renderListing(wording: Wording, product: Product, picture: string): Markup {
  const { lang, texts } = wording;
  const { name, brand } = texts.products[product.id];
  const rating = new Intl.NumberFormat(lang, { minimumFractionDigits: 1 }).format(product.rating);
  return html`<div class="listing-media">
      <img src="${picture}" alt="${name}" width="300" height="400" />
    </div>
    <div class="listing-text">
      <p class="listing-price">
        ${inRubles(wording, product.priceRub)}
        <s>${only(texts.listing.oldPrice)} ${inRubles(wording, product.priceBeforeRub)}</s>
      </p>
      <p class="listing-name"><b>${brand}</b> ${name}</p>
      <p class="listing-rating">
        <svg aria-hidden="true"><use href="/assets/icons.svg#star"></use></svg>
        ${only(texts.listing.rating)} ${rating} <span>· ${texts.listing.reviews(product.reviews)}</span>
      </p>
    </div>`;
}

/**
 * A sample photo with its two uses: give it to the widget, or keep a copy. `file` is a name in `photos/`; `listing` is
 * what the product card preview becomes when this photo is tried.
 */
export function renderSample(
  { texts: { sample } }: Wording,
  { file, title, listing }: { file: string; title: string; listing: Markup },
): Markup {
  const url = photoUrl(file);
  return html`<li>
    <img src="${url}" alt="${title}" width="72" height="96" draggable="true" data-sample="${file}" />
    <div>
      <p>${title}</p>
      <button type="button" class="button quiet" data-pick="${url}" data-file="${file}">
        ${sample.take}${only(sample.takeWith(title))}
      </button>
      <a href="${url}" download="${file}"
        ><svg aria-hidden="true"><use href="/assets/icons.svg#download"></use></svg>${sample.save}${only(
          sample.saveOf(title),
        )}</a
      >
    </div>
    <template>${listing}</template>
  </li>`;
}

/** The texts of the descriptions page, each with a button that copies it. */
export function renderDrafts({ texts }: Wording): Markup[] {
  const { published, copy, copied, copyFailed } = texts.descriptions;
  return drafts.map(({ id, marketplace, state: value }) => {
    const { sku } = products.find((product) => product.id === id)!;
    return html`<article class="text-draft" aria-labelledby="text-${id}">
      <header>
        <img src="/assets/product-${id}.svg" alt="" width="45" height="60" />
        <div>
          <h2 id="text-${id}">${texts.products[id].name}</h2>
          <p class="meta">
            ${badge(marketplace)} ${sku} ${stateMark(value, value === 'ready' ? published : texts.states[value])}
          </p>
        </div>
        <button
          type="button"
          class="button quiet"
          data-copy="text-${id}-body"
          data-done="${copied}"
          data-failed="${copyFailed}"
        >
          ${copy}
        </button>
      </header>
      <p id="text-${id}-body">${texts.drafts[id]}</p>
    </article>`;
  });
}

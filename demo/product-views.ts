import { html, type Markup } from './markup.ts';
import type { ContentState, Marketplace, Product } from './products.ts';

const stateTexts: Record<ContentState, string> = {
  ready: 'Готово',
  review: 'На проверке',
  draft: 'Черновик',
  none: 'Нет',
};
const marketplaceTitles: Record<Marketplace, string> = { wb: 'WB', ozon: 'Ozon' };

const whole = new Intl.NumberFormat('ru-RU');

const plural = new Intl.PluralRules('ru');
const reviewForms: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'оценка', few: 'оценки', many: 'оценок' };

/** How many buyers rated a product: `541 оценка`. */
const inReviews = (count: number): string => `${whole.format(count)} ${reviewForms[plural.select(count)]}`;

/** A price as the seller reads it: `1 190 ₽`. */
const inRubles = (amount: number): string => `${whole.format(amount)} ₽`;

/** Where the panel serves a sample photo. */
export const photoUrl = (file: string): string => `/photos/${encodeURIComponent(file)}`;

function badges(product: Product): Markup[] {
  return product.marketplaces.map((place) => html`<span class="badge ${place}">${marketplaceTitles[place]}</span>`);
}

function state(label: string, value: ContentState): Markup {
  return html`<p class="product-state">
    <span class="product-state-label">${label}</span> <span class="state ${value}">${stateTexts[value]}</span>
  </p>`;
}

/** The product's video column: its state, or the way to make a video when there is none. */
function videoState(product: Product): Markup {
  if (product.video !== 'none') return state('Видеообложка', product.video);
  return html`<p class="product-state">
    <span class="product-state-label">Видеообложка</span>
    <a href="/video-covers?product=${product.id}">Создать<span class="hidden"> для «${product.name}»</span></a>
  </p>`;
}

/** One line of the product list on the overview page. */
export function renderProductRow(product: Product): Markup {
  return html`<li class="product">
    <img src="/assets/product-${product.id}.svg" alt="" width="45" height="60" />
    <div class="product-name">
      <p>${product.name}</p>
      <p class="meta">${badges(product)} ${product.sku}</p>
    </div>
    ${state('Карточка', product.card)} ${videoState(product)} ${state('Описание', product.text)}
  </li>`;
}

/** One product with its generated slide on the cards page. */
export function renderProductCard(product: Product): Markup {
  return html`<li>
    <div class="slide">
      <img src="/assets/product-${product.id}.svg" alt="" width="240" height="320" loading="lazy" />
      <ul>
        ${product.claims.map((claim) => html`<li>${claim}</li>`)}
      </ul>
    </div>
    <p class="card-name">${product.name}</p>
    <p class="meta">${badges(product)} ${product.sku}</p>
    <p class="meta">
      <span class="state ${product.card}">${stateTexts[product.card]}</span>
      <a href="/video-covers?product=${product.id}">Видеообложка<span class="hidden"> для «${product.name}»</span></a>
    </p>
  </li>`;
}

/** The product as a marketplace shows it; `picture` is the URL of its photo, to be replaced by the chosen clip. */
export function renderListing(product: Product, picture: string): Markup {
  return html`<div class="listing-media">
      <img src="${picture}" alt="${product.name}" width="300" height="400" />
    </div>
    <div class="listing-text">
      <p class="listing-price">
        ${inRubles(product.priceRub)}
        <s><span class="hidden">Цена без скидки:</span> ${inRubles(product.priceBeforeRub)}</s>
      </p>
      <p class="listing-name"><b>${product.brand}</b> ${product.name}</p>
      <p class="listing-rating">
        <svg aria-hidden="true"><use href="/assets/icons.svg#star"></use></svg>
        <span class="hidden">Рейтинг</span> ${product.rating} <span>· ${inReviews(product.reviews)}</span>
      </p>
    </div>`;
}

/**
 * A sample photo with its two uses: give it to the widget, or keep a copy. `file` is a name in `photos/`; `listing` is
 * what the product card preview becomes when this photo is tried.
 */
export function renderSample({ file, title, listing }: { file: string; title: string; listing: Markup }): Markup {
  const url = photoUrl(file);
  return html`<li>
    <img src="${url}" alt="${title}" width="72" height="96" draggable="true" data-sample="${file}" />
    <div>
      <p>${title}</p>
      <button type="button" class="button quiet" data-pick="${url}" data-file="${file}">
        Попробовать<span class="hidden"> с этим фото: ${title}</span>
      </button>
      <a href="${url}" download="${file}"
        ><svg aria-hidden="true"><use href="/assets/icons.svg#download"></use></svg>Скачать фото<span class="hidden">
          для пробы: ${title}</span
        ></a
      >
    </div>
    <template>${listing}</template>
  </li>`;
}

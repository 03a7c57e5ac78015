import { fill, html, type Markup } from './markup.ts';
import type { WidgetSection } from './menu.ts';
import type { View } from './pages.ts';
import { photoUrl, renderListing, renderSample, type Wording } from './product-views.ts';
import { products, type Product } from './products.ts';
import { panelTexts } from './texts/texts.ts';

type WidgetPage = {
  templates: { page: string; samples: string; listing: string };
  section: WidgetSection;
  view: View;
  photos: readonly string[];
  coversUrl: string;
  strip: Markup;
};

/** The tag that loads the widget from the covers server. */
export const widgetScript = (coversUrl: string): Markup =>
  html`<script type="module" src="${coversUrl}/widget/kling-video-cover.js"></script>`;

/** The tag of one of the panel's own scripts. */
export const script = (name: string): Markup => html`<script type="module" src="/assets/${name}.js"></script>`;

/** On the page for clips from a photo the marketplace covers, which have a page of their own, are left out. */
const presets: Partial<Record<WidgetSection['path'], string>> = {
  '/image-to-video': 'image-to-video image-to-video-3 sora-2-image-to-video',
};

/** Sections whose modes take a picture. */
const takesPhotos = ({ modes }: WidgetSection): boolean => modes === '' || /cover|scenes|image-to-/.test(modes);

/** The embedding tag's attributes, as the integration guide gives them, with what the address chose. */
function widgetAttributes({ section, view, coversUrl }: WidgetPage): Markup[] {
  const { lang, theme } = view;
  const modes = view.modes.join(' ') || section.modes;
  const attributes = {
    server: coversUrl,
    'token-url': lang === 'ru' ? '/api/video-cover-token' : `/api/video-cover-token?locale=${lang}`,
    lang,
    ...(theme !== 'auto' && { theme }),
    ...(modes && { modes }),
    ...(presets[section.path] && { presets: presets[section.path]! }),
  };
  return Object.entries(attributes).map(([name, value]) => html`${name}="${value}"`);
}

const productOf = (photo: string): Product | undefined =>
  products.find((product) => product.id === photo.replace(/\.\w+$/, ''));

/** The preview of a product card, with the sample photo when there is one of this product. */
function listingOf(wording: Wording, product: Product, photos: readonly string[]): Markup {
  const photo = photos.find((file) => productOf(file) === product);
  return renderListing(wording, product, photo ? photoUrl(photo) : `/assets/product-${product.id}.svg`);
}

/** Photos of catalogue products first, in the catalogue's order, then the rest. */
function inCatalogueOrder(photos: readonly string[]): string[] {
  const ofProducts = products.flatMap((product) => photos.filter((file) => productOf(file) === product));
  return [...ofProducts, ...photos.filter((file) => !productOf(file))];
}

function sampleOf(wording: Wording, file: string, photos: readonly string[]): Markup {
  const product = productOf(file);
  const { texts } = wording;
  if (!product) return renderSample(wording, { file, title: texts.sample.photo(file), listing: html`` });
  const listing = listingOf(wording, product, photos);
  return renderSample(wording, { file, title: texts.products[product.id].name, listing });
}

/** A page of the section: the widget, sample photos where its modes take some, and how it is embedded. */
export function renderWidgetPage(page: WidgetPage): Markup {
  const { templates, section, view, photos, coversUrl, strip } = page;
  const { path } = section;
  const texts = panelTexts[view.lang];
  const wording = { lang: view.lang, texts };
  const attributes = widgetAttributes(page);
  const product = products.find((candidate) => candidate.id === view.product) ?? products[0]!;
  const samples =
    takesPhotos(section) && photos.length > 0
      ? fill(templates.samples, {
          ...texts.studio,
          samples: inCatalogueOrder(photos).map((file) => sampleOf(wording, file, photos)),
        })
      : html``;
  const isCover = path === '/video-covers';
  return fill(templates.page, {
    ...texts.studio,
    title: texts.titles[path],
    lead: texts.leads[path],
    path,
    strip,
    layout: isCover ? 'beside' : '',
    samples,
    listing: isCover
      ? fill(templates.listing, { ...texts.studio, listing: listingOf(wording, product, photos) })
      : html``,
    widget: html`<kling-video-cover ${attributes}></kling-video-cover>`,
    snippet: [
      widgetScript(coversUrl).markup,
      '<kling-video-cover',
      ...attributes.map(({ markup }) => `  ${markup}`),
      '></kling-video-cover>',
    ].join('\n'),
  });
}

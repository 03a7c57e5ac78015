import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { locales } from './covers.ts';
import { fill, html, type Markup } from './markup.ts';
import { renderMenu, sections, type SectionPath } from './menu.ts';
import { photoUrl, renderListing, renderProductCard, renderProductRow, renderSample } from './product-views.ts';
import { products, type Product } from './products.ts';

const themes = ['auto', 'light', 'dark'] as const;
const modes = ['cover', 'scenes', 'text-to-video', 'image-to-video', 'text-to-image', 'image-to-image', 'library'];

/** What a page's address may choose; anything unknown falls back to the panel's own choice. */
export const viewSchema = z.object({
  lang: z.enum(locales).catch('ru'),
  theme: z.enum(themes).catch('auto'),
  modes: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter((mode) => modes.includes(mode)))
    .catch([]),
  product: z.string().catch(''),
});
export type View = z.infer<typeof viewSchema>;

type PanelSettings = { coversUrl: string; sellerName: string };

async function template(name: string): Promise<string> {
  return readFile(new URL(`pages/${name}.html`, import.meta.url), 'utf8');
}

function overviewValues(): Record<string, string | number | Markup[]> {
  const withVideo = products.filter((product) => product.video === 'ready').length;
  return {
    total: products.length,
    withVideo,
    withoutVideo: products.length - withVideo,
    onReview: products.filter((product) => product.card === 'review' || product.text === 'review').length,
    rows: products.map(renderProductRow),
  };
}

/** The embedding tag's attributes, as the integration guide gives them, with what the address chose. */
function widgetAttributes(coversUrl: string, { lang, theme, modes: chosenModes }: View): Markup[] {
  const attributes = {
    server: coversUrl,
    'token-url': lang === 'ru' ? '/api/video-cover-token' : `/api/video-cover-token?locale=${lang}`,
    lang,
    ...(theme !== 'auto' && { theme }),
    ...(chosenModes.length > 0 && { modes: chosenModes.join(' ') }),
  };
  return Object.entries(attributes).map(([name, value]) => html`${name}="${value}"`);
}

const widgetScript = (coversUrl: string): Markup =>
  html`<script type="module" src="${coversUrl}/widget/kling-video-cover.js"></script>`;

const script = (name: string): Markup => html`<script type="module" src="/assets/${name}.js"></script>`;

const productOf = (photo: string): Product | undefined =>
  products.find((product) => product.id === photo.replace(/\.\w+$/, ''));

/** The preview of a product card, with the sample photo when there is one of this product. */
function listingOf(product: Product, photos: readonly string[]): Markup {
  const photo = photos.find((file) => productOf(file) === product);
  return renderListing(product, photo ? photoUrl(photo) : `/assets/product-${product.id}.svg`);
}

/** Photos of catalogue products first, in the catalogue's order, then the rest. */
function inCatalogueOrder(photos: readonly string[]): string[] {
  const ofProducts = products.flatMap((product) => photos.filter((file) => productOf(file) === product));
  return [...ofProducts, ...photos.filter((file) => !productOf(file))];
}

function sampleOf(file: string, photos: readonly string[]): Markup {
  const product = productOf(file);
  if (!product) return renderSample({ file, title: `Фото товара: ${file}`, listing: html`` });
  return renderSample({ file, title: product.name, listing: listingOf(product, photos) });
}

function videoCoverValues(coversUrl: string, view: View, photos: readonly string[]) {
  const product = products.find((candidate) => candidate.id === view.product) ?? products[0]!;
  const attributes = widgetAttributes(coversUrl, view);
  return {
    widget: html`<kling-video-cover ${attributes}></kling-video-cover>`,
    snippet: [
      widgetScript(coversUrl).markup,
      '<kling-video-cover',
      ...attributes.map(({ markup }) => `  ${markup}`),
      '></kling-video-cover>',
    ].join('\n'),
    samplesHidden: photos.length === 0 ? html`hidden` : html``,
    samples: inCatalogueOrder(photos).map((file) => sampleOf(file, photos)),
    listing: listingOf(product, photos),
  };
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');

/** Renders the panel's pages from `pages/*.html`; `coversUrl` and `sellerName` are escaped wherever they land. */
export function createPages({ coversUrl, sellerName }: PanelSettings) {
  async function layout(frame: {
    path: SectionPath | null;
    title: string;
    view: View;
    content: Markup;
    scripts: Markup[];
  }) {
    const menu = renderMenu(frame.path);
    return fill(await template('layout'), {
      title: frame.title,
      theme: frame.view.theme,
      scripts: frame.scripts,
      sideMenu: menu,
      mobileMenu: menu,
      initials: initials(sellerName),
      sellerName,
      content: frame.content,
    }).markup;
  }

  async function content(path: SectionPath, view: View, photos: readonly string[]) {
    switch (path) {
      case '/':
        return { content: fill(await template('overview'), overviewValues()), scripts: [] };
      case '/cards':
        return { content: fill(await template('cards'), { cards: products.map(renderProductCard) }), scripts: [] };
      case '/video-covers':
        return {
          content: fill(await template('video-covers'), videoCoverValues(coversUrl, view, photos)),
          scripts: [widgetScript(coversUrl), script('video-covers')],
        };
      case '/descriptions':
        return { content: fill(await template('descriptions'), {}), scripts: [script('descriptions')] };
      case '/prices':
        return { content: fill(await template('prices'), {}), scripts: [script('prices')] };
    }
  }

  return {
    /** One section's page; `photos` are the names of the sample photos there are now. */
    async section(path: SectionPath, { view, photos }: { view: View; photos: readonly string[] }): Promise<string> {
      const title = sections.find((section) => section.path === path)!.title;
      return layout({ path, title, view, ...(await content(path, view, photos)) });
    },
    /** The page for an address that does not exist. */
    async notFound(): Promise<string> {
      const body = fill(await template('not-found'), {});
      return layout({
        path: null,
        title: 'Страница не найдена',
        view: viewSchema.parse({}),
        content: body,
        scripts: [],
      });
    },
  };
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { locales, type CoverPrice, type Locale, type UploadLimits } from './covers.ts';
import { audienceNav, renderIndex, type Audience } from './docs/audiences.ts';
import { renderDeveloper } from './docs/developer.ts';
import { renderContributor, renderOperator, renderSeller } from './docs/guides.ts';
import { docsTexts } from './docs/texts/texts.ts';
import { renderThemes, themeLinks } from './docs/themes.ts';
import { fill, html, type Markup } from './markup.ts';
import {
  isBehindBar,
  isWidgetSection,
  renderBar,
  renderMenu,
  renderStrip,
  sections,
  type SectionPath,
  type WidgetSection,
} from './menu.ts';
import { renderPacks, renderPresetPrices, renderServices } from './price-views.ts';
import { photoUrl, renderDrafts, renderProductCards, renderProductRows, type Wording } from './product-views.ts';
import { products } from './products.ts';
import { panelTexts } from './texts/texts.ts';
import { renderWidgetPage, script, widgetScript } from './widget-page.ts';

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

/** What a page shows besides its texts; `prices` are only read by the price list. */
type Stock = { photos: readonly string[]; prices: readonly CoverPrice[] };

/** What the covers server says of itself, for the documentation. */
type CoversState = { limits: UploadLimits | null; isReady: boolean };

const docsStyle = html`<link rel="stylesheet" href="/assets/docs.css" />`;

const languageNames: Record<Locale, string> = { ru: 'Русский', en: 'English', vi: 'Tiếng Việt' };

/** A page file of `pages/` by its name. */
async function template(name: string): Promise<string> {
  return readFile(new URL(`pages/${name}.html`, import.meta.url), 'utf8');
}

function overviewValues(wording: Wording): Record<string, string | number | Markup[]> {
  const withVideo = products.filter((product) => product.video === 'ready').length;
  return {
    ...wording.texts.overview,
    total: products.length,
    withVideo,
    withoutVideo: products.length - withVideo,
    onReview: products.filter((product) => product.card === 'review' || product.text === 'review').length,
    rows: renderProductRows(wording),
  };
}

/** Links to this page in every language; the rest of the address stays. */
function languageLinks({ lang, theme, modes: chosen, product }: View): Markup[] {
  return locales.map((locale) => {
    const query = new URLSearchParams({ lang: locale });
    if (theme !== 'auto') query.set('theme', theme);
    if (chosen.length > 0) query.set('modes', chosen.join(' '));
    if (product) query.set('product', product);
    const mark = locale === lang ? html` aria-current="true"` : html``;
    return html`<li>
      <a href="?${query.toString()}" lang="${locale}" hreflang="${locale}" ${mark}
        ><span aria-hidden="true">${locale.toUpperCase()}</span><span class="hidden">${languageNames[locale]}</span></a
      >
    </li>`;
  });
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
    view: View;
    content: Markup;
    scripts: Markup[];
    title?: string;
  }) {
    const { path, view } = frame;
    const texts = panelTexts[view.lang];
    const menu = { texts, current: path };
    return fill(await template('layout'), {
      ...texts.layout,
      brand: texts.brand,
      title: frame.title ?? (path === null ? texts.missing.title : texts.titles[path]),
      lang: view.lang,
      theme: view.theme,
      scripts: frame.scripts,
      languageLinks: languageLinks(view),
      sideMenu: renderMenu(menu, 'side-create'),
      bar: renderBar(menu),
      menuMark: isBehindBar(path) ? 'current' : '',
      sheetMenu: renderMenu(menu, 'sheet-create'),
      initials: initials(sellerName),
      sellerName,
      content: frame.content,
    }).markup;
  }

  async function widgetPage(section: WidgetSection, view: View, photos: readonly string[]) {
    const [page, samples, listing] = await Promise.all(['create', 'samples', 'listing'].map(template));
    const strip = renderStrip({ texts: panelTexts[view.lang], current: section.path });
    const templates = { page: page!, samples: samples!, listing: listing! };
    return {
      content: renderWidgetPage({ templates, section, view, photos, coversUrl, strip }),
      scripts: [widgetScript(coversUrl), script('widget-page')],
    };
  }

  async function content(path: SectionPath, view: View, { photos, prices }: Stock) {
    const section = sections.find((candidate) => candidate.path === path)!;
    if (isWidgetSection(section)) return widgetPage(section, view, photos);
    const texts = panelTexts[view.lang];
    const wording = { lang: view.lang, texts };
    switch (section.path) {
      case '/':
        return { content: fill(await template('overview'), overviewValues(wording)), scripts: [] };
      case '/cards':
        return {
          content: fill(await template('cards'), { ...texts.cards, cards: renderProductCards(wording) }),
          scripts: [],
        };
      case '/descriptions':
        return {
          content: fill(await template('descriptions'), { ...texts.descriptions, drafts: renderDrafts(wording) }),
          scripts: [script('descriptions')],
        };
      case '/prices':
        return {
          content: fill(await template('prices'), {
            ...texts.prices,
            cardServices: renderServices(texts.cardServices),
            presets: renderPresetPrices(wording, prices),
            textServices: renderServices(texts.textServices),
            packPrices: renderPacks(wording),
          }),
          scripts: [],
        };
      case '/themes':
        return {
          content: await renderThemes({
            template: await template('themes'),
            texts: docsTexts[view.lang],
            photoUrl: photoUrl(photos[0] ?? ''),
          }),
          scripts: [docsStyle, ...themeLinks(), widgetScript(coversUrl), script('copy-code'), script('themes-page')],
        };
      case '/docs':
        return { content: renderIndex(docsTexts[view.lang]), scripts: [docsStyle] };
    }
  }

  /** The page's text by audience. */
  async function guideContent(audience: Audience, view: View, stock: Stock & CoversState): Promise<Markup> {
    const texts = docsTexts[view.lang];
    const page = await template(`docs-${audience}`);
    if (audience === 'developer') {
      return renderDeveloper({ template: page, texts, coversUrl, photo: photoUrl(stock.photos[0] ?? '') });
    }
    const render = { seller: renderSeller, operator: renderOperator, contributor: renderContributor }[audience];
    const wording = { lang: view.lang, texts: panelTexts[view.lang] };
    return render({ template: page, texts, wording, coversUrl, ...stock });
  }

  return {
    /** One section's page with what is in stock now. */
    async section(path: SectionPath, view: View, stock: Stock): Promise<string> {
      return layout({ path, view, ...(await content(path, view, stock)) });
    },
    /** The documentation for that audience, with what the covers server says now. */
    async guide(audience: Audience, view: View, stock: Stock & CoversState): Promise<string> {
      const texts = docsTexts[view.lang];
      const content = html`${audienceNav(texts, audience)} ${await guideContent(audience, view, stock)}`;
      const ofDeveloper = audience === 'developer' ? [widgetScript(coversUrl), script('playground')] : [];
      const scripts = [docsStyle, script('copy-code'), ...ofDeveloper];
      return layout({ path: '/docs', view, content, scripts, title: texts.audiences[audience].name });
    },
    /** The page for an address that does not exist. */
    async notFound(view: View): Promise<string> {
      const body = fill(await template('not-found'), panelTexts[view.lang].missing);
      return layout({ path: null, view, content: body, scripts: [] });
    },
  };
}

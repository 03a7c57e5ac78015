import type { PanelTexts } from './texts/texts.ts';

/** How far one piece of a product's content has come. */
export type ContentState = 'ready' | 'review' | 'draft' | 'none';

export type Marketplace = 'wb' | 'ozon';

export type Product = {
  /** Also the name of its drawing, `public/product-<id>.svg`, and of its sample photo, `photos/<id>.jpg`, if there is one. */
  id: keyof PanelTexts['products'];
  /** The seller's own article number. */
  sku: string;
  marketplaces: readonly Marketplace[];
  priceRub: number;
  priceBeforeRub: number;
  rating: number;
  reviews: number;
  card: ContentState;
  video: ContentState;
  text: ContentState;
};

/** The invented shop's catalogue: what the panel's example pages show. Names and claims are in `texts/`. */
export const products: readonly Product[] = [
  {
    id: 'mug',
    sku: 'TD-0117',
    marketplaces: ['wb', 'ozon'],
    priceRub: 790,
    priceBeforeRub: 1190,
    rating: 4.9,
    reviews: 312,
    card: 'ready',
    video: 'none',
    text: 'ready',
  },
  {
    id: 'serum',
    sku: 'AU-0012',
    marketplaces: ['wb', 'ozon'],
    priceRub: 1290,
    priceBeforeRub: 1890,
    rating: 4.9,
    reviews: 203,
    card: 'ready',
    video: 'none',
    text: 'draft',
  },
  {
    id: 'candle',
    sku: 'TD-0244',
    marketplaces: ['wb'],
    priceRub: 1150,
    priceBeforeRub: 1490,
    rating: 4.8,
    reviews: 96,
    card: 'ready',
    video: 'ready',
    text: 'ready',
  },
  {
    id: 'bottle',
    sku: 'TR-0031',
    marketplaces: ['wb', 'ozon'],
    priceRub: 1690,
    priceBeforeRub: 2400,
    rating: 4.7,
    reviews: 541,
    card: 'ready',
    video: 'none',
    text: 'review',
  },
  {
    id: 'backpack',
    sku: 'NH-0008',
    marketplaces: ['ozon'],
    priceRub: 3490,
    priceBeforeRub: 4990,
    rating: 4.8,
    reviews: 187,
    card: 'ready',
    video: 'ready',
    text: 'ready',
  },
  {
    id: 'lamp',
    sku: 'TD-0302',
    marketplaces: ['ozon'],
    priceRub: 2790,
    priceBeforeRub: 3600,
    rating: 4.6,
    reviews: 58,
    card: 'review',
    video: 'none',
    text: 'none',
  },
];

/** The texts on the descriptions page. */
export const drafts: readonly { id: keyof PanelTexts['drafts']; marketplace: Marketplace; state: ContentState }[] = [
  { id: 'mug', marketplace: 'wb', state: 'ready' },
  { id: 'bottle', marketplace: 'ozon', state: 'review' },
  { id: 'backpack', marketplace: 'ozon', state: 'ready' },
];

/** How far one piece of a product's content has come. */
export type ContentState = 'ready' | 'review' | 'draft' | 'none';

export type Marketplace = 'wb' | 'ozon';

export type Product = {
  /** Also the name of its drawing, `public/product-<id>.svg`, and of its sample photo, `photos/<id>.jpg`, if there is one. */
  id: string;
  name: string;
  brand: string;
  /** The seller's own article number. */
  sku: string;
  marketplaces: readonly Marketplace[];
  priceRub: number;
  priceBeforeRub: number;
  /** The short claims printed on the generated slide. */
  claims: readonly string[];
  rating: string;
  reviews: number;
  card: ContentState;
  video: ContentState;
  text: ContentState;
};

/** The invented shop's catalogue: what the panel's example pages show. */
export const products: readonly Product[] = [
  {
    id: 'mug',
    name: 'Кружка керамическая «Утро», 350 мл',
    brand: 'Тёплый дом',
    sku: 'TD-0117',
    marketplaces: ['wb', 'ozon'],
    priceRub: 790,
    priceBeforeRub: 1190,
    claims: ['350 мл', 'Можно в СВЧ'],
    rating: '4,9',
    reviews: 312,
    card: 'ready',
    video: 'none',
    text: 'ready',
  },
  {
    id: 'serum',
    name: 'Масло-сыворотка для лица, шиповник и сквалан, 30 мл',
    brand: 'Aurelle',
    sku: 'AU-0012',
    marketplaces: ['wb', 'ozon'],
    priceRub: 1290,
    priceBeforeRub: 1890,
    claims: ['Шиповник и сквалан', '30 мл'],
    rating: '4,9',
    reviews: 203,
    card: 'ready',
    video: 'none',
    text: 'draft',
  },
  {
    id: 'candle',
    name: 'Свеча соевая «Инжир и кедр», 200 мл',
    brand: 'Тёплый дом',
    sku: 'TD-0244',
    marketplaces: ['wb'],
    priceRub: 1150,
    priceBeforeRub: 1490,
    claims: ['40 ч горения', 'Соевый воск'],
    rating: '4,8',
    reviews: 96,
    card: 'ready',
    video: 'ready',
    text: 'ready',
  },
  {
    id: 'bottle',
    name: 'Термобутылка стальная, матовая, 500 мл',
    brand: 'Тропа',
    sku: 'TR-0031',
    marketplaces: ['wb', 'ozon'],
    priceRub: 1690,
    priceBeforeRub: 2400,
    claims: ['12 ч тепло', '24 ч холод'],
    rating: '4,7',
    reviews: 541,
    card: 'ready',
    video: 'none',
    text: 'review',
  },
  {
    id: 'backpack',
    name: 'Рюкзак из экокожи «Классика», 16 л',
    brand: 'Nordhale',
    sku: 'NH-0008',
    marketplaces: ['ozon'],
    priceRub: 3490,
    priceBeforeRub: 4990,
    claims: ['16 литров', 'Ноутбук 14″'],
    rating: '4,8',
    reviews: 187,
    card: 'ready',
    video: 'ready',
    text: 'ready',
  },
  {
    id: 'lamp',
    name: 'Лампа настольная «Дуга», три режима света',
    brand: 'Тёплый дом',
    sku: 'TD-0302',
    marketplaces: ['ozon'],
    priceRub: 2790,
    priceBeforeRub: 3600,
    claims: ['3 режима света', 'USB-C'],
    rating: '4,6',
    reviews: 58,
    card: 'review',
    video: 'none',
    text: 'none',
  },
];

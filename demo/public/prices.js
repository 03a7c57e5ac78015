import { inTokens } from './tokens.js';

const rows = document.querySelector('#video-prices');

/** @param {{name: string, details: string, amount: string, title?: string}} line */
function priceRow({ name, details, amount, title }) {
  const row = document.createElement('tr');
  const service = document.createElement('th');
  service.scope = 'row';
  const detail = document.createElement('span');
  detail.textContent = details;
  service.append(`${name} `, detail);
  const price = document.createElement('td');
  price.className = 'amount';
  price.textContent = amount;
  if (title) price.title = title;
  row.append(service, price);
  return row;
}

/** The first video price is the cover the panel sells by that name; the others keep the operator's titles. */
function videoLines(prices) {
  const videos = prices.filter((price) => price.kind === 'image-to-video');
  const main = videos.find((price) => price.id === 'video-cover') ?? videos[0];
  const ordered = main ? [main, ...videos.filter((price) => price !== main)] : [];
  return ordered.map((price) => ({
    name: price === main ? 'Видеообложка' : price.title,
    details: [price.seconds && `${price.seconds} секунд`, price.aspectRatio, price.model].filter(Boolean).join(' · '),
    amount: String(price.tokensCost),
    title: inTokens(price.tokensCost),
  }));
}

const response = await fetch('/api/prices').catch(() => null);
const lines = response?.ok ? videoLines((await response.json()).prices) : [];
rows.replaceChildren(
  ...(lines.length > 0
    ? lines
    : [{ name: 'Видеообложка', details: 'Видео из одного фото товара', amount: 'временно недоступна' }]
  ).map(priceRow),
);

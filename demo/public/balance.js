import { inTokens } from './tokens.js';

const place = document.querySelector('[data-balance]');

/** @param {number} balance whole tokens */
function show(balance) {
  place.textContent = inTokens(balance);
}

async function ask() {
  const response = await fetch('/api/balance').catch(() => null);
  if (response?.ok) show((await response.json()).balance);
  else if (place.textContent === '…') place.textContent = place.dataset.away;
}

document.addEventListener('balance-changed', (event) => show(event.detail.balance));
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void ask();
});
void ask();

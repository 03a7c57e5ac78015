const card = document.querySelector('#listing-card');
const status = document.querySelector('#listing-status');
const noVideoText = status.textContent;
const stillOnly = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * Puts the chosen clip on the product card the way marketplaces show it: muted, looping, inline, with its poster. A
 * seller who asked for less motion gets the poster and the player's own controls.
 * @param {{url: string, posterUrl: string, width: number, height: number}} video the `detail` of `cover-chosen`
 */
export function showOnListing(video) {
  const player = document.createElement('video');
  player.muted = true;
  player.loop = true;
  player.playsInline = true;
  player.autoplay = !stillOnly.matches;
  player.controls = stillOnly.matches;
  player.poster = video.posterUrl;
  player.src = video.url;
  player.width = video.width;
  player.height = video.height;
  player.setAttribute('aria-label', card.dataset.videoLabel);
  card.querySelector('.listing-media').replaceChildren(player);
  status.classList.add('done');
  status.textContent = status.dataset.done;
  document
    .querySelector('#listing')
    .scrollIntoView({ block: 'nearest', behavior: stillOnly.matches ? 'auto' : 'smooth' });
}

/**
 * Shows another product on the card, still without a video.
 * @param {DocumentFragment} listing the product's card; an empty one changes nothing
 */
export function showProduct(listing) {
  if (listing.childElementCount === 0) return;
  card.replaceChildren(listing.cloneNode(true));
  status.classList.remove('done');
  status.textContent = noVideoText;
}

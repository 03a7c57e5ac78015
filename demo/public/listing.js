const media = document.querySelector('#listing-media');
const status = document.querySelector('#listing-status');
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
  player.setAttribute('aria-label', 'Видеообложка на карточке товара');
  media.replaceChildren(player);
  status.classList.add('done');
  status.textContent = 'Видеообложка поставлена на карточку.';
  document
    .querySelector('#listing')
    .scrollIntoView({ block: 'nearest', behavior: stillOnly.matches ? 'auto' : 'smooth' });
}

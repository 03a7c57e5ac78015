const widgetTimeoutMs = 8000;
const widget = document.querySelector('kling-video-cover');
const fallbackText = document.querySelector('#widget-fallback-text');
const sampleStatus = document.querySelector('#sample-status');
/** Only the page of covers has a product card. Nothing here waits for it: who presses a button early is heard, too. */
const listing = document.querySelector('#listing') ? import('./listing.js') : null;

async function sampleFile(url, name) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`photo answered ${response.status}`);
  const blob = await response.blob();
  return new File([blob], name, { type: blob.type });
}

async function tryWith(button) {
  sampleStatus.textContent = '';
  try {
    await widget.pickFile(await sampleFile(button.dataset.pick, button.dataset.file));
    (await listing)?.showProduct(button.closest('li').querySelector('template').content);
    widget.scrollIntoView({ block: 'nearest' });
  } catch {
    sampleStatus.textContent = sampleStatus.dataset.failed;
  }
}

for (const button of document.querySelectorAll('[data-pick]')) {
  button.addEventListener('click', () => tryWith(button));
}

/** The sample on its way to the widget. A picture dragged inside a page is an address in most browsers, not a file. */
let dragged = null;
for (const picture of document.querySelectorAll('[data-sample]')) {
  picture.addEventListener('dragstart', () => (dragged = picture.closest('li').querySelector('[data-pick]')));
  picture.addEventListener('dragend', () => (dragged = null));
}
widget.addEventListener('dragover', (event) => {
  if (dragged) event.preventDefault();
});
widget.addEventListener('drop', (event) => {
  if (!dragged || event.dataTransfer.files.length > 0) return;
  event.preventDefault();
  void tryWith(dragged);
});

widget.addEventListener('cover-chosen', async (event) => (await listing)?.showOnListing(event.detail));

/** Only sideways: a page that was scrolled down stays there when it is loaded again. */
function showCurrent(strip, current) {
  const { left, width } = current.getBoundingClientRect();
  strip.scrollLeft += left + width / 2 - strip.getBoundingClientRect().left - strip.clientWidth / 2;
}
const current = document.querySelector('.strip [aria-current]');
if (current) showCurrent(current.closest('.strip'), current);

const timer = setTimeout(() => {
  fallbackText.textContent = fallbackText.dataset.away;
}, widgetTimeoutMs);
await customElements.whenDefined('kling-video-cover');
clearTimeout(timer);

import { showOnListing, showProduct } from './listing.js';

const widgetTimeoutMs = 8000;
const widget = document.querySelector('kling-video-cover');
const fallbackText = document.querySelector('#widget-fallback-text');
const sampleStatus = document.querySelector('#sample-status');

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
    showProduct(button.closest('li').querySelector('template').content);
    widget.scrollIntoView({ block: 'nearest' });
  } catch {
    sampleStatus.textContent = 'Не удалось передать снимок. Скачайте его и выберите в поле загрузки.';
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

widget.addEventListener('cover-chosen', (event) => showOnListing(event.detail));

const timer = setTimeout(() => {
  fallbackText.textContent = 'Генератор видеообложек не отвечает. Обновите страницу через минуту.';
}, widgetTimeoutMs);
await customElements.whenDefined('kling-video-cover');
clearTimeout(timer);

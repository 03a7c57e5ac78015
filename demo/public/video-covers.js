import { showOnListing } from './listing.js';

const widgetTimeoutMs = 8000;
const widget = document.querySelector('kling-video-cover');
const fallbackText = document.querySelector('#widget-fallback-text');
const sampleStatus = document.querySelector('#sample-status');

/** Sample photos already read, by URL, so that a drag can carry the file itself. */
const files = new Map();

async function sampleFile(url, name) {
  if (!files.has(url)) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`photo answered ${response.status}`);
    const blob = await response.blob();
    files.set(url, new File([blob], name, { type: blob.type }));
  }
  return files.get(url);
}

async function tryWith(button) {
  sampleStatus.textContent = '';
  if (typeof widget.pickFile !== 'function') {
    sampleStatus.textContent = 'Генератор ещё загружается. Скачайте фото и выберите его вручную.';
    return;
  }
  try {
    await widget.pickFile(await sampleFile(button.dataset.pick, button.dataset.file));
    widget.scrollIntoView({ block: 'nearest' });
  } catch {
    sampleStatus.textContent = 'Не удалось открыть пример. Скачайте фото и выберите его вручную.';
  }
}

for (const button of document.querySelectorAll('[data-pick]')) {
  button.addEventListener('click', () => tryWith(button));
}

for (const picture of document.querySelectorAll('[data-sample]')) {
  const url = picture.getAttribute('src');
  picture.addEventListener('pointerenter', () => {
    sampleFile(url, picture.dataset.sample).catch(() => {});
  });
  picture.addEventListener('dragstart', (event) => {
    const file = files.get(url);
    if (file && event.dataTransfer) event.dataTransfer.items.add(file);
  });
}

widget.addEventListener('cover-chosen', (event) => showOnListing(event.detail));

const timer = setTimeout(() => {
  fallbackText.textContent = 'Генератор видеообложек не отвечает. Обновите страницу через минуту.';
}, widgetTimeoutMs);
await customElements.whenDefined('kling-video-cover');
clearTimeout(timer);

const widget = document.querySelector('kling-video-cover');
const place = document.querySelector('#look');
const form = document.querySelector('#switches');
const spaces = { compact: '3px', usual: '', comfortable: '5px' };

/** Puts all that is switched on into force; the browser keeps the choice of a form over a reload. */
function apply() {
  const { look, scheme, density, direction } = Object.fromEntries(new FormData(form));
  for (const link of document.querySelectorAll('link[data-look]')) link.disabled = link.dataset.look !== look;
  for (const file of document.querySelectorAll('[data-file]')) file.hidden = file.dataset.file !== look;
  Object.assign(place.dataset, { look, scheme });
  place.dir = direction;
  widget.setAttribute('theme', scheme);
  widget.style.setProperty('--kvc-space', spaces[density]);
}

form.addEventListener('change', apply);
apply();

const photoButton = document.querySelector('#put-photo');
photoButton.addEventListener('click', async () => {
  const blob = await (await fetch(photoButton.dataset.photo)).blob();
  widget.pickFile(new File([blob], 'photo.jpg', { type: blob.type }));
});

import { cssOf, htmlOf, jsOf } from './playground-code.js';
import { tries } from './playground-tries.js';

const playground = document.querySelector('#playground');
const place = document.querySelector('#place');
const log = document.querySelector('#log');
const logEmpty = document.querySelector('#log-empty');
const longestLog = 60;
const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'medium' });
const outlines = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, outlines];

/** @type {import('./playground-code.js').Trial} */
const trial = {
  coversUrl: playground.dataset.covers,
  attributes: new Map(),
  hasTokenFunction: false,
  calls: new Set(),
  events: new Map(),
  customProperties: new Map(),
  parts: new Set(),
};
let widget;

const attributeOf = (control) => control.closest('[data-attribute]').dataset.attribute;

async function freshToken() {
  return (await (await fetch('/api/video-cover-token')).json()).token;
}

function countParts() {
  for (const row of document.querySelectorAll('[data-part]')) {
    const count = widget.shadowRoot?.querySelectorAll(`[part~="${row.dataset.part}"]`).length ?? 0;
    row.querySelector('[data-there]').textContent = count > 0 ? `× ${count}` : '';
  }
}

let isCounting = false;
const partWatcher = new MutationObserver(() => {
  if (isCounting) return;
  isCounting = true;
  requestAnimationFrame(() => {
    isCounting = false;
    countParts();
  });
});

/** A new element with all that is set, as if the page had been loaded with it. */
async function start() {
  const fresh = document.createElement('kling-video-cover');
  for (const [name, value] of trial.attributes) fresh.setAttribute(name, value);
  for (const [name, value] of trial.customProperties) fresh.style.setProperty(name, value);
  if (trial.hasTokenFunction) fresh.getToken = freshToken;
  widget = fresh;
  place.replaceChildren(fresh);
  await customElements.whenDefined('kling-video-cover');
  await fresh.updateComplete;
  partWatcher.disconnect();
  partWatcher.observe(fresh.shadowRoot, { subtree: true, childList: true });
  countParts();
}

function showCode() {
  for (const [id, code] of [
    ['code-html', htmlOf(trial)],
    ['code-css', cssOf(trial)],
    ['code-js', jsOf(trial)],
  ]) {
    const block = document.getElementById(id);
    block.firstElementChild.textContent = code;
    block.closest('.code').hidden = code === '';
  }
  outlines.replaceSync(cssOf({ ...trial, customProperties: new Map() }));
}

function setAttribute(name, value) {
  if (value === '') trial.attributes.delete(name);
  else trial.attributes.set(name, value);
  if (!widget) return;
  if (value === '') widget.removeAttribute(name);
  else widget.setAttribute(name, value);
  showCode();
}

for (const control of document.querySelectorAll('[data-set]')) {
  setAttribute(attributeOf(control), control.value);
  control.addEventListener('change', () => setAttribute(attributeOf(control), control.value.trim()));
}

for (const group of document.querySelectorAll('[data-words]')) {
  const chosen = new Set([...group.querySelectorAll(':checked')].map(({ value }) => value));
  setAttribute(attributeOf(group), [...chosen].join(' '));
  group.addEventListener('change', ({ target }) => {
    if (target.checked) chosen.add(target.value);
    else chosen.delete(target.value);
    setAttribute(attributeOf(group), [...chosen].join(' '));
  });
}

for (const control of document.querySelectorAll('[data-function]')) {
  trial.hasTokenFunction = control.checked;
  control.addEventListener('change', () => {
    trial.hasTokenFunction = control.checked;
    widget[control.dataset.function] = control.checked ? freshToken : undefined;
    showCode();
  });
}

for (const control of document.querySelectorAll('[data-custom]')) {
  const name = control.dataset.custom;
  const row = control.closest('[data-custom-property]');
  const reset = row.querySelector('[data-reset]');
  const start = control.value;
  const set = (value) => {
    if (value === '') trial.customProperties.delete(name);
    else trial.customProperties.set(name, value);
    widget.style.setProperty(name, value);
    reset.hidden = value === '';
    row.querySelector('output').textContent = value;
    showCode();
  };
  control.addEventListener('input', () => set(control.value && control.value + (control.dataset.unit ?? '')));
  reset.addEventListener('click', () => {
    control.value = start;
    set('');
    control.focus();
  });
}

for (const button of document.querySelectorAll('[data-highlight]')) {
  button.addEventListener('click', () => {
    const isOn = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(isOn));
    if (isOn) trial.parts.add(button.dataset.highlight);
    else trial.parts.delete(button.dataset.highlight);
    showCode();
  });
}

/** Sets a control as a person would, with another choice where it has none of that name. */
function setControl(name, value) {
  const control = document.querySelector(`[data-attribute="${name}"] [data-set]`);
  if (control.options && ![...control.options].some((option) => option.value === value)) control.add(new Option(value));
  control.value = value;
  setAttribute(name, value);
}

for (const button of document.querySelectorAll('[data-try]')) {
  const made = tries[button.dataset.try];
  button.addEventListener('click', async () => {
    const Cover = await customElements.whenDefined('kling-video-cover');
    const answer = await made.run({ widget, Cover, photo: button.dataset.photo });
    button.parentElement.querySelector('output').textContent = typeof answer === 'string' ? answer : '';
    for (const [name, value] of Object.entries(made.attributes ?? {})) setControl(name, value);
    trial.calls.add(made);
    showCode();
  });
}

function write({ type, detail }) {
  const line = document.createElement('li');
  const more = document.createElement('details');
  const head = document.createElement('summary');
  const when = document.createElement('time');
  const name = document.createElement('code');
  const what = document.createElement('pre');
  when.textContent = time.format(new Date());
  name.textContent = type;
  what.textContent = JSON.stringify(detail, null, 2);
  head.append(when, name);
  more.append(head, what);
  line.append(more);
  log.prepend(line);
  if (log.childElementCount > longestLog) log.lastElementChild.remove();
  log.hidden = false;
  logEmpty.hidden = true;
}

for (const row of document.querySelectorAll('[data-event]')) {
  const type = row.dataset.event;
  const heard = row.querySelector('[data-heard]');
  const listen = row.querySelector('[data-listen]');
  const prevent = row.querySelector('[data-prevent]');
  let count = 0;
  place.addEventListener(type, (event) => {
    if (prevent?.checked) event.preventDefault();
    count += 1;
    heard.textContent = `× ${count}`;
    write(event);
  });
  const note = () => {
    if (listen.checked) trial.events.set(type, prevent?.checked ?? false);
    else trial.events.delete(type);
    showCode();
  };
  note();
  row.addEventListener('change', note);
}

document.querySelector('#restart').addEventListener('click', start);
document.querySelector('#clear-log').addEventListener('click', () => {
  log.replaceChildren();
  log.hidden = true;
  logEmpty.hidden = false;
});

showCode();
await start();

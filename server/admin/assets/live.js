/**
 * Keeps the marked part of a page as the server sees it. Without this file the page is complete: it only has to be
 * loaded again by hand.
 */
const gatherMs = 1000;
const language = document.documentElement.lang;
let timer;
let source;

const part = () => document.querySelector('[data-live]');
const fields = (root) => [...root.querySelectorAll('input, select, textarea')];
const focusable = (root) => [...root.querySelectorAll('a, button, input, select, textarea, summary')];
const isTyped = ({ type, value, defaultValue, options, checked, defaultChecked }) => {
  if (options) return [...options].some((option) => option.selected !== option.defaultSelected);
  return type === 'checkbox' || type === 'radio' ? checked !== defaultChecked : value !== defaultValue;
};

/** Whether somebody writes in the part, or has opened something in it: then nothing is taken away from under the hands. */
function isBusy(root) {
  const holds = (field) => field.type !== 'hidden' && (field === document.activeElement || isTyped(field));
  return fields(root).some(holds) || root.querySelector('details[open]') !== null;
}

/** The page's own address, without the wish for a language: that would be kept anew. */
function address() {
  const { href } = location;
  const url = new URL(href);
  url.searchParams.delete('lang');
  url.hash = '';
  return url.href;
}

async function refresh() {
  if (isBusy(part())) return refreshSoon();
  const answer = await fetch(address());
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('[data-live]');
  const shown = part();
  if (!fresh || page.documentElement.lang !== language || isBusy(shown) || shown.isEqualNode(fresh)) return;
  const focused = focusable(shown).indexOf(document.activeElement);
  const place = [scrollX, scrollY];
  shown.replaceWith(document.adoptNode(fresh));
  if (focused >= 0) focusable(fresh)[focused]?.focus({ preventScroll: true });
  scrollTo(...place);
}

function refreshSoon() {
  // A page that changes without a pause is still brought up to date once in a while: the first change sets the time.
  timer ??= setTimeout(() => {
    timer = undefined;
    refresh().catch(() => {});
  }, gatherMs);
}

/** A tab that nobody sees listens to nothing: a session has few streams. */
function listen() {
  source?.close();
  if (document.hidden) return;
  source = new EventSource('/admin/events');
  // What happened before the stream was open was not told.
  source.addEventListener('open', refreshSoon);
  source.addEventListener('job', ({ data }) => {
    const { live: jobId } = part().dataset;
    if (jobId === '' || jobId === data) refreshSoon();
  });
}

document.addEventListener('visibilitychange', listen);
listen();

/** More telling names first: most browsers also call themselves Chrome or Safari. */
const browsers: [name: string, mark: RegExp][] = [
  ['Yandex', /\bYaBrowser\/(\d{1,4})/],
  ['Edge', /\bEdgA?\/(\d{1,4})/],
  ['Opera', /\bOPR\/(\d{1,4})/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d{1,4})/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d{1,4})/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d{1,4})/],
  ['Safari', /\bVersion\/(\d{1,4})[^(]{0,40} Safari\//],
];
const systems: [name: string, mark: RegExp][] = [
  ['Windows', /\bWindows\b/],
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

/** A browser in a few words, such as "Chrome 153, Windows", from its User-Agent; what is not known is shown as it came. */
export function browserName(userAgent: string): string {
  const system = systems.find(([, mark]) => mark.test(userAgent))?.[0];
  for (const [name, mark] of browsers) {
    const version = mark.exec(userAgent)?.[1];
    if (version) return [`${name} ${version}`, system].filter(Boolean).join(', ');
  }
  return userAgent.slice(0, 60) || '—';
}

const tag = 'kling-video-cover';
const escaped = (text) => text.replace(/[&"<]/g, (mark) => ({ '&': '&amp;', '"': '&quot;', '<': '&lt;' })[mark]);

/**
 * @typedef {object} Trial what was set in the playground
 * @property {string} coversUrl where the widget's script comes from
 * @property {Map<string, string>} attributes
 * @property {boolean} hasTokenFunction
 * @property {Set<import('./playground-tries.js').Try>} calls those that were made
 * @property {Map<string, boolean>} events those to listen to, and whether the default is prevented
 * @property {Map<string, string>} customProperties
 * @property {Set<string>} parts those that are outlined
 */

/** @param {Trial} trial @returns {string} the script and the tag */
export function htmlOf({ coversUrl, attributes }) {
  const written = [...attributes].map(([name, value]) => `  ${name}="${escaped(value)}"`);
  return [
    `<script type="module" src="${coversUrl}/widget/${tag}.js"></script>`,
    `<${tag}`,
    ...written,
    `></${tag}>`,
  ].join('\n');
}

/** @param {Trial} trial @returns {string} empty when nothing is styled */
export function cssOf({ customProperties, parts }) {
  const set = [...customProperties].map(([name, value]) => `  ${name}: ${value};`);
  const rules = [...parts].map((name) => `${tag}::part(${name}) {\n  outline: 3px solid;\n}`);
  return [...(set.length > 0 ? [`${tag} {\n${set.join('\n')}\n}`] : []), ...rules].join('\n');
}

/** @param {Trial} trial @returns {string} empty when the tag alone will do */
export function jsOf({ hasTokenFunction, calls, events }) {
  const lines = [];
  if (hasTokenFunction) {
    lines.push(
      'widget.getToken = async () => {',
      `  const response = await fetch('/api/video-cover-token');`,
      '  return (await response.json()).token;',
      '};',
    );
  }
  for (const [name, isPrevented] of events) {
    lines.push(`widget.addEventListener('${name}', (event) => {`);
    if (isPrevented) lines.push('  event.preventDefault();');
    lines.push('  console.log(event.detail);', '});');
  }
  const made = [...calls];
  lines.push(...made.filter(({ ofClass }) => !ofClass).map(({ code }) => code));
  if (lines.length > 0) lines.unshift(`const widget = document.querySelector('${tag}');`);
  const ofClass = made.filter((each) => each.ofClass).map(({ code }) => code);
  if (ofClass.length > 0) lines.push(`const Cover = await customElements.whenDefined('${tag}');`, ...ofClass);
  return lines.join('\n');
}

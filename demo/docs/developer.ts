import { fill, html, type Markup } from '../markup.ts';
import { contentSecurityPolicy } from '../policy.ts';
import { customPropertyRows, eventRows, methodRows, partRows, propertyRows } from './face-rows.ts';
import { codeBlock } from './pieces.ts';
import { readmeExamples, type CodeExample } from './readme-code.ts';
import type { DocsTexts } from './texts/texts.ts';

const backends = ['Node', 'PHP', 'Python'];
const frameworks = ['React 19', 'Vue 3', 'Svelte 5', 'Angular'];

/** One example open at a time; they share the name of the group. */
function folded(texts: DocsTexts, group: string, examples: readonly CodeExample[]): Markup[] {
  return examples.map(({ name, code }, at) => {
    const isOpen = at === 0 ? html`open` : html``;
    const id = `${group}-${name.toLowerCase().replaceAll(/\W+/g, '-')}`;
    return html`<details name="${group}" ${isOpen}>
      <summary>${name}</summary>
      ${codeBlock(texts, { id, name, code })}
    </details>`;
  });
}

export interface DeveloperPage {
  template: string;
  texts: DocsTexts;
  coversUrl: string;
  /** Address of a sample photo for `pickFile`. */
  photo: string;
}

/** The playground: a control for each name of widget/face.ts, the live widget, and the code that comes of it. */
export function renderDeveloper({ template, texts, coversUrl, photo }: DeveloperPage): Markup {
  const words = texts.developer;
  return fill(template, {
    ...words,
    title: texts.audiences.developer.name,
    coversUrl,
    propertyRows: propertyRows(words),
    methodRows: methodRows(photo),
    eventRows: eventRows(words),
    partRows: partRows(words),
    customPropertyRows: customPropertyRows(words),
    htmlCode: codeBlock(texts, { id: 'code-html', name: words.html, code: '' }),
    cssCode: codeBlock(texts, { id: 'code-css', name: words.css, code: '' }),
    jsCode: codeBlock(texts, { id: 'code-js', name: words.js, code: '' }),
    backends: folded(texts, 'backend', readmeExamples(backends)),
    frameworks: folded(texts, 'framework', readmeExamples(frameworks)),
    policy: codeBlock(texts, {
      id: 'policy',
      name: words.policyTitle,
      code: contentSecurityPolicy(coversUrl).replaceAll('; ', ';\n'),
    }),
  });
}

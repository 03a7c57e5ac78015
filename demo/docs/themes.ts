import { fill, html, type Markup } from '../markup.ts';
import { codeBlock } from './pieces.ts';
import { looks, themeFile } from './theme-files.ts';
import type { DocsTexts } from './texts/texts.ts';

interface ThemesPage {
  template: string;
  texts: DocsTexts;
  photoUrl: string;
}

function choice(name: string, legend: string, values: Record<string, string>, chosen: string): Markup {
  return html`<fieldset>
    <legend>${legend}</legend>
    <div class="segments">
      ${Object.entries(values).map(
        ([value, label]) =>
          html`<label
            ><input type="radio" name="${name}" value="${value}" ${value === chosen ? html`checked` : html``} /><span
              >${label}</span
            ></label
          >`,
      )}
    </div>
  </fieldset>`;
}

/** The stylesheets of all themes; the page's script chooses which one is in force. */
export const themeLinks = (): Markup[] =>
  looks.map(
    (look, at) =>
      html`<link
        rel="stylesheet"
        href="/assets/themes/${look}.css"
        data-look="${look}"
        ${at > 0 ? html`disabled` : html``}
      />`,
  );

/** The widget in each example theme, with density, colours and direction to switch, and the theme's file to copy. */
export async function renderThemes({ template, texts, photoUrl }: ThemesPage): Promise<Markup> {
  const words = texts.themes;
  const codes = await Promise.all(looks.map(themeFile));
  return fill(template, {
    ...words,
    photoUrl,
    switches: [
      choice('look', words.look, words.looks, 'neutral'),
      choice('scheme', words.scheme, words.schemes, 'auto'),
      choice('density', words.density, words.densities, 'usual'),
      choice('direction', words.direction, words.directions, 'ltr'),
    ],
    looks: '',
    schemes: '',
    densities: '',
    directions: '',
    files: looks.map(
      (look, at) =>
        html`<div data-file="${look}" ${at > 0 ? html`hidden` : html``}>
          ${codeBlock(texts, { id: `file-${look}`, name: `${look}.css`, code: codes[at]! })}
        </div>`,
    ),
  });
}

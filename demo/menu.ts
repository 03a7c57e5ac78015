import { html, type Markup } from './markup.ts';
import type { PanelTexts } from './texts/texts.ts';

/**
 * The panel's sections in the order of every menu; `icon` names a symbol in `public/icons.svg`. Those with `modes` embed
 * the widget with these modes ('' is its default), and stand together under one heading.
 */
export const sections = [
  { path: '/', icon: 'overview' },
  { path: '/cards', icon: 'cards' },
  { path: '/video-covers', icon: 'video', modes: '' },
  { path: '/scenes', icon: 'scenes', modes: 'scenes' },
  { path: '/text-to-video', icon: 'words-video', modes: 'text-to-video' },
  { path: '/image-to-video', icon: 'photo-video', modes: 'image-to-video' },
  { path: '/text-to-image', icon: 'words-picture', modes: 'text-to-image' },
  { path: '/image-to-image', icon: 'photo-picture', modes: 'image-to-image' },
  { path: '/studio', icon: 'studio', modes: 'cover scenes image-to-video library' },
  { path: '/library', icon: 'library', modes: 'library' },
  { path: '/descriptions', icon: 'text' },
  { path: '/prices', icon: 'prices' },
  { path: '/themes', icon: 'themes' },
  { path: '/docs', icon: 'docs' },
] as const;

type Section = (typeof sections)[number];
export type SectionPath = Section['path'];
/** Where the seller makes or keeps clips and pictures. */
export type WidgetSection = Extract<Section, { modes: string }>;

/** Whether the section embeds the widget. */
export const isWidgetSection = (section: Section): section is WidgetSection => 'modes' in section;

const widgetSections = sections.filter(isWidgetSection);
const at = sections.findIndex(isWidgetSection);
const before = sections.slice(0, at);
const behind = sections.slice(at + widgetSections.length);
/** What the bar at the bottom of a phone has room for; the rest is behind its last button. */
const barPaths: readonly SectionPath[] = ['/', '/cards', '/video-covers', '/descriptions'];

type Menu = { texts: PanelTexts; current: SectionPath | null };

const icon = (name: string): Markup => html`<svg aria-hidden="true"><use href="/assets/icons.svg#${name}"></use></svg>`;

function entry({ texts, current }: Menu, { path, icon: symbol }: Section): Markup {
  const mark = path === current ? html` aria-current="page"` : html``;
  return html`<li>
    <a href="${path}" ${mark}>${icon(symbol)}<span>${texts.titles[path]}</span></a>
  </li>`;
}

/** Every section as list items of plain links, the widget's ones as a list of their own; `id` names that list's heading. */
export function renderMenu(menu: Menu, id: string): Markup[] {
  const entries = (some: readonly Section[]) => some.map((section) => entry(menu, section));
  return [
    ...entries(before),
    html`<li class="menu-group">
      <p id="${id}">${menu.texts.create}</p>
      <ul aria-labelledby="${id}">
        ${entries(widgetSections)}
      </ul>
    </li>`,
    ...entries(behind),
  ];
}

/** The few sections that have a place of their own on a phone. */
export function renderBar(menu: Menu): Markup[] {
  return sections.filter(({ path }) => barPaths.includes(path)).map((section) => entry(menu, section));
}

/** The widget's sections as a strip above the page of one of them, for screens without the side menu. */
export function renderStrip(menu: Menu): Markup {
  const isOnOne = widgetSections.some(({ path }) => path === menu.current);
  if (!isOnOne) return html``;
  return html`<nav class="strip" aria-label="${menu.texts.create}">
    <ul>
      ${widgetSections.map((section) => entry(menu, section))}
    </ul>
  </nav>`;
}

/** Whether the section is only found behind the last button of the bar. */
export const isBehindBar = (path: SectionPath | null): boolean => path !== null && !barPaths.includes(path);

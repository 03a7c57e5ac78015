import { html, type Markup } from './markup.ts';

/** The panel's sections in the order of both menus; `icon` names a symbol in `public/icons.svg`. */
export const sections = [
  { path: '/', title: 'Обзор', icon: 'overview' },
  { path: '/cards', title: 'Карточки', icon: 'cards' },
  { path: '/video-covers', title: 'Видеообложки', icon: 'video' },
  { path: '/descriptions', title: 'Описания', icon: 'text' },
  { path: '/prices', title: 'Цены', icon: 'prices' },
] as const;

export type SectionPath = (typeof sections)[number]['path'];

/** The menu entries as list items of plain links; the section being shown is marked as the current page. */
export function renderMenu(current: SectionPath | null): Markup[] {
  return sections.map(({ path, title, icon }) => {
    const mark = path === current ? html` aria-current="page"` : html``;
    return html`<li>
      <a href="${path}" ${mark}
        ><svg aria-hidden="true"><use href="/assets/icons.svg#${icon}"></use></svg><span>${title}</span></a
      >
    </li>`;
  });
}

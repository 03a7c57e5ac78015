import { Hono } from 'hono';
import { html } from 'hono/html';
import { checkForm } from '../form.ts';
import { showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { emptyState, href, pageHead } from '../pieces/blocks.ts';
import { presetCard, type PresetEdit } from '../pieces/preset-card.ts';
import { createPresetSaving } from '../preset-saving.ts';
import { differences, promptChange, promptFormOf, promptFormSchema } from '../preset-form.ts';
import type { Html } from '../format.ts';
import type { PresetRow } from '../../store/schema.ts';
import { refusedPage } from './refused.ts';

const imageKinds: PresetRow['kind'][] = ['text-to-image', 'image-to-image'];
type Tab = 'images' | 'video';
const tabOf = (preset: PresetRow): Tab => (imageKinds.includes(preset.kind) ? 'images' : 'video');

/** Forms on a page: with texts of the greatest length it still stays light. */
const pageSize = 8;

/** The address of a preset's form. */
export const promptPath = (preset: PresetRow): string => `/admin/prompts/${tabOf(preset)}/${preset.presetId}`;

/** What is sent to the models: one form per preset, two tabs. */
export function promptsPage(parts: AdminParts): Hono<AdminEnv> {
  const { store } = parts;
  const saving = createPresetSaving(parts);

  async function show(c: AdminContext, tab: Tab, edit?: PresetEdit & { presetId: string; status: 409 | 422 }) {
    const words = c.get('words');
    const presets = (await store.presets.list()).filter((preset) => tabOf(preset) === tab);
    const asked = edit?.presetId ?? c.req.query('preset');
    const at = presets.findIndex(({ presetId }) => presetId === asked);
    const page = at < 0 ? Math.max(1, Number(c.req.query('page')) || 1) : Math.floor(at / pageSize) + 1;
    const cards = presets.slice((page - 1) * pageSize, page * pageSize).map((preset) =>
      presetCard(c, {
        preset,
        action: promptPath(preset),
        ...(edit?.presetId === preset.presetId ? edit : { form: promptFormOf(preset), problems: {} }),
      }),
    );
    const body = html`${pageHead(words.prompts.title, words.prompts.lead)} ${tabLinks(c, tab)}
    ${presets.length === 0 ? noPresets(c, tab) : cards} ${pageLinks(c, { tab, page, presets: presets.length })}`;
    const title = `${words.prompts.title}: ${tab === 'images' ? words.prompts.images : words.prompts.videos}`;
    return showPage(c, { title, section: 'prompts', body, status: edit?.status ?? 200 });
  }

  async function save(c: AdminContext, tab: Tab, preset: PresetRow) {
    const typed = c.get('form');
    const { value, problems } = checkForm(promptFormSchema(preset), typed);
    const presetId = preset.presetId;
    if (!value) return show(c, tab, { presetId, form: typed, problems, status: 422 });
    const front = `/admin/prompts/${tab}`;
    const change = promptChange(preset, value);
    const form = promptFormOf({ ...preset, ...change });
    const isCurrent = value.expectedRevision === preset.revision;
    if (isCurrent && differences(form, promptFormOf(preset)).length === 0)
      return redirectWithNotice(c, front, 'nothingChanged');
    const { expectedRevision } = value;
    const saved = await saving.revise(c, { preset, expectedRevision, change, action: 'preset.revised' });
    if (!saved) return show(c, tab, { presetId, form, problems: {}, hasConflict: true, status: 409 });
    return redirectWithNotice(c, front, 'promptSaved');
  }

  return new Hono<AdminEnv>()
    .get('/', (c) => c.redirect('/admin/prompts/video', 303))
    .get('/:tab{(?:images|video)}', (c) => show(c, c.req.param('tab') as Tab))
    .get('/:tab{(?:images|video)}/:id', (c) => {
      const { tab, id } = c.req.param();
      return c.redirect(`${href(`/admin/prompts/${tab}`, { preset: id })}#preset-${encodeURIComponent(id)}`, 303);
    })
    .post('/:tab{(?:images|video)}/:id', async (c) => {
      const preset = await store.presets.get(c.req.param('id'));
      if (!preset) return refusedPage(c, { reason: 'notFound', status: 404 });
      return save(c, tabOf(preset), preset);
    });
}

function tabLinks(c: AdminContext, current: Tab): Html {
  const words = c.get('words').prompts;
  const link = (tab: Tab, label: string) =>
    html`<a href="/admin/prompts/${tab}" ${tab === current && html`aria-current="page"`}>${label}</a>`;
  return html`<nav class="tabs" aria-label="${words.tabs}">
    ${link('images', words.images)} ${link('video', words.videos)}
  </nav>`;
}

/** Links to the pages of a long list, by number. */
function pageLinks(c: AdminContext, { tab, page, presets }: { tab: Tab; page: number; presets: number }): Html {
  const count = Math.ceil(presets / pageSize);
  if (count < 2) return html``;
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return html`<nav class="pager" aria-label="${c.get('words').pages}">
    ${numbers.map(
      (number) =>
        html`<a
          class="button quiet"
          href="${href(`/admin/prompts/${tab}`, { page: String(number) })}"
          ${number === page && html`aria-current="page"`}
          >${number}</a
        >`,
    )}
  </nav>`;
}

function noPresets(c: AdminContext, tab: Tab): Html {
  const words = c.get('words').prompts;
  return tab === 'images' ? emptyState(words.noImages, words.noImagesDo) : emptyState(words.noVideos, words.noVideosDo);
}

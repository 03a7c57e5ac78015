import { Hono } from 'hono';
import { html } from 'hono/html';
import { actorOf } from '../actor.ts';
import { auditBy, changed } from '../audit-entry.ts';
import { checkForm } from '../form.ts';
import { showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { emptyState, pageHead } from '../pieces/blocks.ts';
import { presetCard, type PresetEdit } from '../pieces/preset-card.ts';
import { differences, promptChange, promptFormOf, promptFormSchema } from '../preset-form.ts';
import type { Html } from '../format.ts';
import type { PresetRow } from '../../store/schema.ts';
import { refusedPage } from './refused.ts';

const tabs = { images: ['text-to-image', 'image-to-image'], video: ['image-to-video', 'text-to-video'] };
type Tab = keyof typeof tabs;
const tabOf = (preset: PresetRow): Tab => (tabs.images.includes(preset.kind) ? 'images' : 'video');

/** What is sent to the models: one form per preset, two tabs. */
export function promptsPage({ store, runtime, log }: AdminParts): Hono<AdminEnv> {
  async function show(c: AdminContext, tab: Tab, edit?: PresetEdit & { presetId: string; status: 409 | 422 }) {
    const words = c.get('words');
    const presets = (await store.presets.list()).filter((preset) => tabOf(preset) === tab);
    const cards = presets.map(async (preset) =>
      presetCard(c, {
        preset,
        action: `/admin/prompts/${tab}/${preset.presetId}`,
        revisions: await store.presets.revisions(preset.presetId),
        ...(edit?.presetId === preset.presetId ? edit : { form: promptFormOf(preset), problems: {} }),
      }),
    );
    const body = html`${pageHead(words.prompts.title, words.prompts.lead)} ${tabLinks(c, tab)}
    ${presets.length === 0 ? noPresets(c, tab) : await Promise.all(cards)}`;
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
    const saved = await store.transaction(async (tx) => {
      const revising = { id: presetId, expectedRevision, change, author: actorOf(c), now: runtime.now() };
      const row = await store.presets.reviseIn(tx, revising);
      const detail = { revision: row?.revision, ...changed(preset, change) };
      const entry = { ...auditBy(c, runtime), action: 'preset.revised', target: presetId, detail };
      if (row) await store.auditLog.write(tx, entry);
      return row;
    });
    if (!saved) return show(c, tab, { presetId, form, problems: {}, hasConflict: true, status: 409 });
    log.info({ presetId, revision: saved.revision }, 'admin saved a prompt');
    return redirectWithNotice(c, front, 'promptSaved');
  }

  return new Hono<AdminEnv>()
    .get('/', (c) => c.redirect('/admin/prompts/video', 303))
    .get('/:tab{images|video}', (c) => show(c, c.req.param('tab') as Tab))
    .get('/:tab{images|video}/:id', (c) => c.redirect(`/admin/prompts/${c.req.param('tab')}`, 303))
    .post('/:tab{images|video}/:id', async (c) => {
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

function noPresets(c: AdminContext, tab: Tab): Html {
  const words = c.get('words').prompts;
  return tab === 'images' ? emptyState(words.noImages, words.noImagesDo) : emptyState(words.noVideos, words.noVideosDo);
}

import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { modelKey } from '../../jobs/models.ts';
import type { PresetChange } from '../../store/presets.ts';
import type { PresetRow } from '../../store/schema.ts';
import { checkForm } from '../form.ts';
import { showPage } from '../layout.ts';
import { modelsFor } from '../models.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { href, pageHead } from '../pieces/blocks.ts';
import { revisionView } from '../pieces/revision-view.ts';
import { differences, expectedRevision, promptFormOf } from '../preset-form.ts';
import { createPresetSaving } from '../preset-saving.ts';
import { promptPath } from './prompts.ts';
import { refusedPage } from './refused.ts';

/** Revisions on a page: each may hold two texts of 2500 characters twice over. */
const pageSize = 3;
const maxRevision = 2 ** 31 - 1;

const restoreSchema = z.object({ expectedRevision, revision: z.coerce.number().int().positive().max(maxRevision) });

/** Every revision of a preset: author, time, price, difference, and the way back to its texts. */
export function historyPages(parts: AdminParts): Hono<AdminEnv> {
  const { store } = parts;
  const saving = createPresetSaving(parts);

  async function show(c: AdminContext, preset: PresetRow, problem?: string) {
    const { presets: words, prompts } = c.get('words');
    const path = `${promptPath(preset)}/history`;
    const asked = Number(c.req.query('before')) || undefined;
    const before = asked !== undefined && Number.isInteger(asked) && asked <= maxRevision ? asked : undefined;
    // One more than is shown: the last of the page is compared with it.
    const found = await store.presets.revisions(preset.presetId, {
      limit: pageSize + 1,
      ...(before !== undefined && { before }),
    });
    const shown = found.slice(0, pageSize);
    const views = shown.map((revision, at) =>
      revisionView(c, { revision, before: found[at + 1], current: preset, restorePath: `${path}/restore` }),
    );
    const title = words.historyOf(preset.titles[c.get('language')]);
    const body = html`<p class="back"><a href="${promptPath(preset)}">← ${words.backToPrompts}</a></p>
      ${pageHead(title, words.historyLead)} ${problem && html`<p class="alert" role="alert">${problem}</p>`} ${views}
      ${
        (before !== undefined || found.length > pageSize) &&
        html`<nav class="pager" aria-label="${c.get('words').pages}">
          ${before !== undefined && html`<a class="button quiet" href="${path}">${c.get('words').newer}</a>`}
          ${
            found.length > pageSize &&
            html`<a class="button quiet" rel="next" href="${href(path, { before: String(shown.at(-1)!.revision) })}"
              >${words.older}</a
            >`
          }
        </nav>`
      }`;
    return showPage(c, { title: `${prompts.title}: ${title}`, section: 'prompts', body, status: problem ? 409 : 200 });
  }

  async function restore(c: AdminContext, preset: PresetRow) {
    const { value } = checkForm(restoreSchema, c.get('form'));
    const old = value && (await store.presets.revision(preset.presetId, value.revision));
    if (!value || !old) return refusedPage(c, { reason: 'notFound', status: 404 });
    const change = textsOf(old, preset);
    const path = promptPath(preset);
    if (differences(promptFormOf({ ...preset, ...change }), promptFormOf(preset)).length === 0)
      return redirectWithNotice(c, `${path}/history`, 'nothingChanged');
    const revising = { preset, expectedRevision: value.expectedRevision, change, action: 'preset.restored' };
    if (await saving.revise(c, revising)) return redirectWithNotice(c, `${path}/history`, 'presetRestored');
    const now = (await store.presets.get(preset.presetId))!;
    return show(c, now, c.get('words').presets.restoreConflict);
  }

  const onPreset = (deed: (c: AdminContext, preset: PresetRow) => Promise<Response> | Response) =>
    async function handle(c: AdminContext) {
      const preset = await store.presets.get(c.req.param('id') ?? '');
      return preset ? deed(c, preset) : refusedPage(c, { reason: 'notFound', status: 404 });
    };

  return new Hono<AdminEnv>()
    .get('/:tab{(?:images|video)}/:id/history', onPreset(show))
    .get(
      '/:tab{(?:images|video)}/:id/history/restore',
      onPreset((c, preset) => c.redirect(`${promptPath(preset)}/history`, 303)),
    )
    .post('/:tab{(?:images|video)}/:id/history/restore', onPreset(restore));
}

/** The texts of an old revision, and its model where that can still make what the preset promises today. */
function textsOf(old: PresetRow, now: PresetRow): PresetChange {
  const { prompt, negativePrompt, titles, provider, model, mode } = old;
  const stillFits = modelsFor(now).some((choice) => modelKey(choice) === modelKey(old));
  return { prompt, negativePrompt, titles, ...(stillFits && { provider, model, mode }) };
}

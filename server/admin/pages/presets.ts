import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Form, Problems } from '../form.ts';
import { formToken, showPage } from '../layout.ts';
import { redirectWithNotice } from '../notice.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { emptyState, pageHead } from '../pieces/blocks.ts';
import { conflictBox } from '../pieces/conflict.ts';
import { presetFieldNames, presetFields } from '../pieces/preset-form-view.ts';
import { presetTable } from '../pieces/preset-table.ts';
import { copyId, editFormOf, kindOf, readNewPreset, readPresetEdit } from '../preset-edit-form.ts';
import { differences, expectedRevision } from '../preset-form.ts';
import { createPresetSaving } from '../preset-saving.ts';
import { startingForm } from '../preset-start.ts';
import { listedModels } from '../models.ts';
import { jobKinds } from '../../jobs/job.ts';
import type { PresetRow } from '../../store/schema.ts';
import { promptPath } from './prompts.ts';
import { refusedPage } from './refused.ts';

const front = '/admin/presets';

interface Edit {
  form: Form;
  problems: Problems;
  hasConflict?: boolean;
  status?: 409 | 422;
}

/** What sellers can order: make, copy, put in order, switch on and off, and what a marketplace asks of the file. */
export function presetsPages(parts: AdminParts): Hono<AdminEnv> {
  const { store, canMake = async () => true } = parts;
  const saving = createPresetSaving(parts);

  async function list(c: AdminContext) {
    const { presets: words } = c.get('words');
    const presets = await store.presets.list();
    const areMade = await Promise.all(presets.map(canMake));
    const unmade = new Set(presets.filter((_, at) => !areMade[at]));
    const body = html`${pageHead(words.title, words.lead)}
      <p><a class="button" href="${front}/new">${words.create}</a></p>
      ${
        presets.length === 0
          ? emptyState(c.get('words').prices.empty, c.get('words').prices.emptyDo)
          : presetTable(c, presets, unmade)
      }`;
    return showPage(c, { title: words.title, section: 'presets', body });
  }

  function showNew(c: AdminContext, kind: PresetRow['kind'], edit: Edit = { form: startingForm(kind), problems: {} }) {
    const words = c.get('words');
    const { create, createLead, createSubmit } = words.presets;
    const body = html`${back(c)} ${pageHead(create, createLead)} ${kindTabs(c, kind)}
      <section class="card">
        ${alert(c, edit)}
        <form method="post" action="${front}/new">
          ${formToken(c)} <input type="hidden" name="kind" value="${kind}" />
          ${presetFields(words, { ...edit, kind, models: listedModels(kind), isNew: true })}
          <div class="form-end"><button>${createSubmit}</button> ${choicesButton(c)}</div>
        </form>
      </section>`;
    return showPage(c, { title: create, section: 'presets', body, status: edit.status ?? 200 });
  }

  async function create(c: AdminContext) {
    const form = c.get('form');
    const kind = kindOf(form['kind']);
    if (isOnlyShown(form)) return showNew(c, kind, { form, problems: {} });
    const { value, problems } = readNewPreset(kind, form);
    if (!value) return showNew(c, kind, { form, problems, status: 422 });
    const made = await saving.create(c, { ...value, position: await endOfList() });
    if (!made) return showNew(c, kind, { form, problems: { id: 'idTaken' }, status: 422 });
    return redirectWithNotice(c, `${front}#preset-${made.presetId}`, 'presetCreated');
  }

  function showEdit(c: AdminContext, preset: PresetRow, edit: Edit = { form: editFormOf(preset), problems: {} }) {
    const words = c.get('words');
    const name = preset.titles[c.get('language')];
    const lead = `${preset.presetId} · ${words.kinds[preset.kind]} · ${words.prompts.revision(preset.revision)}`;
    const action = `${front}/${preset.presetId}`;
    // An edit that lost a race is saved on top of what is in force now: the operator has both before the eyes.
    const basis = edit.hasConflict ? preset.revision : (edit.form['expectedRevision'] ?? preset.revision);
    const saved = editFormOf(preset);
    const names = presetFieldNames(words, [saved, edit.form]);
    const conflict = { preset, saved, typed: edit.form, names, dropHref: action };
    const { kind } = preset;
    const body = html`${back(c)} ${pageHead(name, lead)}
      <section class="card">
        ${edit.hasConflict && conflictBox(c, conflict)} ${alert(c, edit)}
        <form method="post" action="${action}">
          ${formToken(c)}
          <input type="hidden" name="expectedRevision" value="${basis}" />
          ${presetFields(words, { ...edit, kind, models: listedModels(kind, preset), isNew: false })}
          <div class="form-end">
            <button>${words.prompts.save}</button> ${choicesButton(c)}
            <a href="${promptPath(preset)}">${words.presets.toPrompt}</a>
            <a href="/admin/prices#price-${preset.presetId}">${words.presets.toPrice}</a>
            <a href="${promptPath(preset)}/history">${words.presets.history}</a>
          </div>
        </form>
      </section>`;
    return showPage(c, { title: name, section: 'presets', body, status: edit.status ?? 200 });
  }

  async function save(c: AdminContext, preset: PresetRow) {
    const form = c.get('form');
    if (isOnlyShown(form)) return showEdit(c, preset, { form, problems: {} });
    const { value, problems } = readPresetEdit(preset, form);
    if (!value) return showEdit(c, preset, { form, problems, status: 422 });
    const { change } = value;
    const typed = editFormOf({ ...preset, ...change });
    const isCurrent = value.expectedRevision === preset.revision;
    if (isCurrent && differences(typed, editFormOf(preset)).length === 0)
      return redirectWithNotice(c, front, 'nothingChanged');
    const revising = { preset, expectedRevision: value.expectedRevision, change, action: 'preset.revised' };
    if (await saving.revise(c, revising)) return redirectWithNotice(c, front, 'presetSaved');
    const now = (await store.presets.get(preset.presetId))!;
    return showEdit(c, now, { form: typed, problems: {}, hasConflict: true, status: 409 });
  }

  async function copy(c: AdminContext, preset: PresetRow) {
    const taken = new Set((await store.presets.list()).map(({ presetId }) => presetId));
    const { revision: _revision, author: _author, createdAt: _createdAt, ...facts } = preset;
    const { ru, en, vi } = preset.titles;
    const made = await saving.create(
      c,
      {
        ...facts,
        presetId: copyId(preset.presetId, taken),
        titles: { ru: `${ru} (копия)`, en: `${en} (copy)`, vi: `${vi} (bản sao)` },
        position: await endOfList(),
        enabled: false,
      },
      preset.presetId,
    );
    return redirectWithNotice(c, front, made ? 'presetCopied' : 'presetConflict');
  }

  async function offer(c: AdminContext, preset: PresetRow) {
    const { expectedRevision: typed, enabled } = c.get('form');
    const basis = expectedRevision.safeParse(typed);
    if (!basis.success) return redirectWithNotice(c, front, 'presetConflict');
    const change = { enabled: enabled === 'on' };
    if (change.enabled === preset.enabled) return redirectWithNotice(c, front, 'nothingChanged');
    const action = change.enabled ? 'preset.offered' : 'preset.withdrawn';
    const saved = await saving.revise(c, { preset, expectedRevision: basis.data, change, action });
    if (!saved) return redirectWithNotice(c, front, 'presetConflict');
    return redirectWithNotice(c, front, change.enabled ? 'presetOffered' : 'presetWithdrawn');
  }

  const endOfList = async () => Math.max(0, ...(await store.presets.list()).map(({ position }) => position)) + 1;

  /** A deed on one preset, or 404. */
  const onPreset = (deed: (c: AdminContext, preset: PresetRow) => Promise<Response> | Response) =>
    async function handle(c: AdminContext) {
      const preset = await store.presets.get(c.req.param('id') ?? '');
      return preset ? deed(c, preset) : refusedPage(c, { reason: 'notFound', status: 404 });
    };

  return new Hono<AdminEnv>()
    .get('/', list)
    .get('/new', (c) => showNew(c, kindOf(c.req.query('kind'))))
    .post('/new', create)
    .get(
      '/:id',
      onPreset((c, preset) => showEdit(c, preset)),
    )
    .post('/:id', onPreset(save))
    .post('/:id/copy', onPreset(copy))
    .post('/:id/offer', onPreset(offer))
    .post(
      '/:id/move',
      onPreset(async (c, preset) => {
        const moved = await saving.move(c, preset.presetId, c.get('form')['by'] === 'up' ? -1 : 1);
        return redirectWithNotice(c, `${front}#preset-${preset.presetId}`, moved ? 'presetMoved' : 'nothingChanged');
      }),
    );
}

/** The form comes back with what the chosen model can offer; nothing is saved. */
const isOnlyShown = (form: Form): boolean => form['show'] === 'choices';
const choicesButton = (c: AdminContext) =>
  html`<button class="quiet" name="show" value="choices">${c.get('words').presets.updateChoices}</button>`;

function kindTabs(c: AdminContext, current: PresetRow['kind']) {
  const words = c.get('words');
  return html`<nav class="tabs kinds" aria-label="${words.presets.kind}">
    ${jobKinds.map(
      (kind) =>
        html`<a href="${front}/new?kind=${kind}" ${kind === current && html`aria-current="page"`}
          >${words.kinds[kind]}</a
        > `,
    )}
  </nav>`;
}

const back = (c: AdminContext) => html`<p class="back"><a href="${front}">← ${c.get('words').presets.back}</a></p>`;

const alert = (c: AdminContext, { problems }: Edit) =>
  Object.keys(problems).length > 0 && html`<p class="alert" role="alert">${c.get('words').problemsTitle}</p>`;

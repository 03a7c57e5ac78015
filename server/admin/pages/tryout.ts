import { Hono } from 'hono';
import { html } from 'hono/html';
import { modelKey } from '../../jobs/models.ts';
import { promptVariables } from '../../jobs/prompt.ts';
import { checkDraft, type SampleOrder } from '../../jobs/draft-checks.ts';
import type { TryDraft } from '../../jobs/tryout.ts';
import type { PresetRow } from '../../store/schema.ts';
import type { Form } from '../form.ts';
import { showPage } from '../layout.ts';
import { modelsFor } from '../models.ts';
import type { AdminContext, AdminEnv, AdminParts } from '../parts.ts';
import { pageHead } from '../pieces/blocks.ts';
import { tried, tryForm, tryResult } from '../pieces/tryout-view.ts';
import { sampleOrder } from '../pieces/variables.ts';
import { promptFormOf } from '../preset-form.ts';
import { promptPath } from './prompts.ts';
import { refusedPage } from './refused.ts';

const lookAgainSeconds = 2;

/**
 * Tries prompts that are typed or saved: the request as it would be sent, the provider's limits, and a clip or picture
 * where the provider is a simulator on this machine. Nothing is saved.
 */
export function tryoutPages({ store, tryout }: AdminParts): Hono<AdminEnv> {
  function show(c: AdminContext, preset: PresetRow, { form, refusal }: { form: Form; refusal?: string }) {
    const words = c.get('words');
    const path = promptPath(preset);
    const draft = draftOf(preset, form);
    const order = orderOf(form);
    const title = words.presets.tryOf(preset.titles[c.get('language')]);
    const body = html`<p class="back"><a href="${path}">← ${words.presets.backToPrompts}</a></p>
      ${pageHead(title, words.presets.tryLead)}
      ${tryForm(c, { preset, path, form, canRun: tryout?.canRun(draft) ?? false, ...(refusal !== undefined && { refusal }) })}
      ${tryResult(c, { checks: checkDraft(draft, order), request: tryout?.preview(draft, order) ?? null })}`;
    return showPage(c, { title, section: 'prompts', body, status: refusal === undefined ? 200 : 422 });
  }

  async function run(c: AdminContext, preset: PresetRow) {
    const form = typedOver(c, preset);
    const [draft, order] = [draftOf(preset, form), orderOf(form)];
    if (!tryout?.canRun(draft)) return refusedPage(c, { reason: 'notFound', status: 404 });
    if (checkDraft(draft, order).some(({ passes }) => !passes))
      return show(c, preset, { form, refusal: c.get('words').problemsTitle });
    const started = await tryout.run(draft, order);
    if ('id' in started) return c.redirect(`${promptPath(preset)}/try/${started.id}`, 303);
    return show(c, preset, { form, refusal: `${c.get('words').presets.refused}: ${started.reason}` });
  }

  async function look(c: AdminContext, preset: PresetRow) {
    const id = c.req.param('try') ?? '';
    const found = await tryout?.look(id);
    if (!found) return refusedPage(c, { reason: 'notFound', status: 404 });
    const { presets } = c.get('words');
    const path = `${promptPath(preset)}/try`;
    if (found.state === 'waiting') c.header('refresh', String(lookAgainSeconds));
    const title = presets.tryOf(preset.titles[c.get('language')]);
    const heading = { waiting: presets.waiting, done: presets.done, failed: presets.failed }[found.state];
    const body = html`<p class="back"><a href="${path}">← ${presets.backToTry}</a></p>
      ${pageHead(title, heading)}
      ${found.state === 'done' && tried(c, { file: `${path}/${id}/result`, isClip: tryout!.makesVideo(id) })}
      ${found.state === 'failed' && html`<section class="card failure"><pre class="text">${found.reason}</pre></section>`}`;
    return showPage(c, { title, section: 'prompts', body });
  }

  async function result(c: AdminContext) {
    const found = await tryout?.result(c.req.param('try') ?? '');
    if (!found) return refusedPage(c, { reason: 'notFound', status: 404 });
    return c.body(new Uint8Array(found.bytes), 200, { 'content-type': found.contentType });
  }

  /** What was typed on the form before, over what is saved and the sample. */
  const typedOver = (c: AdminContext, preset: PresetRow): Form => ({ ...startOf(c, preset), ...c.get('form') });

  const onPreset = (deed: (c: AdminContext, preset: PresetRow) => Promise<Response> | Response) =>
    async function handle(c: AdminContext) {
      const preset = await store.presets.get(c.req.param('id') ?? '');
      return preset ? deed(c, preset) : refusedPage(c, { reason: 'notFound', status: 404 });
    };

  const path = '/:tab{(?:images|video)}/:id/try';
  return new Hono<AdminEnv>()
    .get(
      path,
      onPreset((c, preset) => show(c, preset, { form: startOf(c, preset) })),
    )
    .post(
      path,
      onPreset((c, preset) => show(c, preset, { form: typedOver(c, preset) })),
    )
    .post(`${path}/run`, onPreset(run))
    .get(
      `${path}/run`,
      onPreset((c, preset) => c.redirect(`${promptPath(preset)}/try`, 303)),
    )
    .get(`${path}/:try`, onPreset(look))
    .get(`${path}/:try/result`, onPreset(result));
}

const orderField = (name: string) => `order-${name}`;

/** What is saved, with the sample order. */
function startOf(c: AdminContext, preset: PresetRow): Form {
  const sample = sampleOrder(c.get('words'));
  const order = promptVariables.map((name) => [orderField(name), sample[name]]);
  return { ...promptFormOf(preset), ...Object.fromEntries(order) };
}

function orderOf(form: Form): SampleOrder {
  const [title, description] = promptVariables.map((name) => form[orderField(name)] ?? '');
  return { title: title!, description: description! };
}

/** The preset with the typed texts; a model that was not offered is the preset's own. */
function draftOf(preset: PresetRow, form: Form): TryDraft {
  const chosen = modelsFor(preset).find((choice) => modelKey(choice) === form['model']) ?? preset;
  const { kind, seconds, sound, aspectRatio } = preset;
  const { provider, model, mode } = chosen;
  const texts = { prompt: (form['prompt'] ?? '').trim(), negativePrompt: (form['negativePrompt'] ?? '').trim() };
  return { kind, provider, model, mode, seconds, sound, aspectRatio, ...texts };
}

import { invalid, KlingRefusal } from './kling-answers.ts';
import { clipOrder, durationText } from './clip-orders.ts';
import { addressField, choiceField, objectField, refuseUnknown, textField } from './kling-fields.ts';
import type { Fields } from './simulator-http.ts';
import { readMarkers } from './markers.ts';
import { pathModel, versionName } from './kling-models.ts';
import type { KlingModel } from './kling-models.ts';
import { readPicture } from './kling-pictures.ts';
import { checkSeconds, plainFrame, unitsFor } from './kling-rules.ts';
import type { CreateRules } from './kling-rules.ts';
import type { Task, TaskIntent, TaskStatus } from './kling-tasks.ts';

const MAX_PICTURE_BYTES = 50 * 1024 * 1024;
const MAX_PROMPT = 3072;
const MODES: Record<string, string> = { '720p': 'std', '1080p': 'pro', '4k': '4k' };

/**
 * Checks a create body of the new standard (`/image-to-video/{model}`, `/text-to-video/{model}`).
 * Throws KlingRefusal (1201, 1203). Fetches the picture when it is a URL.
 */
export async function readNewCreate(
  ask: { family: 'image2video' | 'text2video'; modelName: string; fields: Fields },
  rules: CreateRules,
): Promise<TaskIntent> {
  const { family, fields } = ask;
  const model = pathModel(ask.modelName);
  if (!model) throw new KlingRefusal(1203, `The model '${ask.modelName}' does not exist`);
  rules.refuseDiscontinued(ask.modelName);
  const settings = objectField(fields, 'settings');
  const options = objectField(fields, 'options');
  if (rules.strict) refuseUnknownFields(family, { fields, settings, options });
  const mode = readMode(model, settings);
  checkAudio(model, mode, settings);
  const seconds = readSeconds(model, settings);
  const { prompt, picture } = family === 'image2video' ? await readContents(fields) : readText(fields, settings);
  const markers = readMarkers(prompt);
  return {
    generation: 'new',
    family,
    modelVersion: versionName(model),
    prompt,
    markers,
    externalId: textField(options, 'external_task_id'),
    callbackUrl: addressField(options, 'callback_url'),
    watermark: objectField(options, 'watermark_info')['enabled'] === true,
    units: unitsFor(model, { mode, seconds }),
    clip: clipOrder({ picture, mode, seconds, markers, tiny: rules.tiny }),
  };
}

/** What the new create answers. */
export function newReceipt(task: Task) {
  return {
    id: task.id,
    status: newWord(task.status),
    create_time: task.createdAtMs,
    update_time: task.updatedAtMs,
    external_id: task.externalId ?? '',
  };
}

/** The task object of `GET /tasks`, `POST /tasks` and the new callbacks. */
export function newTask(task: Task, { status, url }: { status: TaskStatus; url: string | null }) {
  const done = status === 'succeed';
  const duration = durationText(task.clipShape);
  const video = { type: 'video', id: task.videoId, url, watermark_url: task.watermark ? url : '', duration };
  return {
    ...newReceipt(task),
    status: newWord(status),
    message: task.statusMessage,
    outputs: done && url !== null ? [video] : [],
    billing: done ? [{ charge_type: 'unit', amount: task.units, package_type: 'video' }] : [],
  };
}

/** The new standard says `succeeded` where the legacy one says `succeed`. */
export function newWord(status: TaskStatus): string {
  return status === 'succeed' ? 'succeeded' : status;
}

function refuseUnknownFields(family: string, parts: { fields: Fields; settings: Fields; options: Fields }): void {
  const withPicture = family === 'image2video';
  refuseUnknown(parts.fields, [withPicture ? 'contents' : 'prompt', 'settings', 'options']);
  const ratio = withPicture ? [] : ['aspect_ratio'];
  refuseUnknown(parts.settings, ['resolution', 'duration', 'audio', 'multi_shot', ...ratio]);
  refuseUnknown(parts.options, ['callback_url', 'external_task_id', 'watermark_info']);
}

function readMode(model: KlingModel, settings: Fields): string {
  const resolution = choiceField(settings, 'resolution', { allowed: Object.keys(MODES), standard: '720p' });
  if (resolution === '4k' && !model.fourK) {
    throw invalid(`4k mode is not supported by the current model: ${model.pathName}`);
  }
  return MODES[resolution] ?? 'std';
}

function checkAudio(model: KlingModel, mode: string, settings: Fields): void {
  const audio = choiceField(settings, 'audio', { allowed: ['native', 'off'], standard: 'off' });
  if (audio === 'off') return;
  if (model.sound === 'never') throw invalid('Sound is not supported by the current model');
  if (model.sound === 'pro only' && mode === 'std')
    throw invalid('Sound is not supported by the current model in 720p');
}

function readSeconds(model: KlingModel, settings: Fields): number {
  const duration = settings['duration'] ?? 5;
  if (typeof duration !== 'number' || !Number.isInteger(duration)) {
    throw invalid(`duration value '${String(duration)}' is invalid`);
  }
  return checkSeconds(model, duration);
}

function readText(fields: Fields, settings: Fields) {
  const prompt = textField(fields, 'prompt', MAX_PROMPT);
  if (prompt === null) throw invalid('prompt can not be null');
  const ratio = choiceField(settings, 'aspect_ratio', { allowed: ['16:9', '9:16', '1:1'], standard: '16:9' });
  return { prompt, picture: plainFrame(ratio) };
}

async function readContents(fields: Fields) {
  const contents = fields['contents'];
  if (!Array.isArray(contents) || contents.length === 0) throw invalid('contents can not be empty');
  const items = contents.map((item) => objectField({ item }, 'item'));
  const find = (type: string) => items.find((item) => item['type'] === type) ?? {};
  const prompt = textField(find('prompt'), 'text', MAX_PROMPT) ?? '';
  const first = textField(find('first_frame'), 'url');
  if (first === null) throw invalid('first_frame can not be null');
  return { prompt, picture: await readPicture(first, MAX_PICTURE_BYTES) };
}

import { invalid, KlingRefusal } from './kling-answers.ts';
import { clipOrder } from './clip-orders.ts';
import { addressField, choiceField, objectField, refuseUnknown, textField } from './kling-fields.ts';
import type { Fields } from './simulator-http.ts';
import { readMarkers } from './markers.ts';
import { pathModel, versionName } from './kling-models.ts';
import type { KlingModel } from './kling-models.ts';
import { readContents } from './kling-contents.ts';
import { checkMode, checkSeconds, checkSound, plainFrame, unitsFor } from './kling-rules.ts';
import type { CreateRules, Mode } from './kling-rules.ts';
import { readNewShots } from './kling-shots.ts';
import type { Task, TaskIntent, TaskStatus } from './kling-tasks.ts';

const MODES: Record<string, Mode> = { '720p': 'std', '1080p': 'pro', '4k': '4k' };

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
  if (rules.strict) refuseUnknownFields({ family, model, fields, settings, options });
  const mode = readMode(model, settings);
  const sound = checkSound(model, { mode, wished: wishesAudio(model, settings) });
  const seconds = readSeconds(model, settings);
  const maxPrompt = model.maxPrompt[family];
  const { prompt, picture } =
    family === 'image2video'
      ? await readContents(fields['contents'], { model, mode, sound, maxPrompt })
      : readText(fields, { settings, maxPrompt });
  const multiShot = readNewShots(settings, { model, prompt, seconds });
  const markers = readMarkers(prompt);
  return {
    generation: 'new',
    family,
    product: 'video',
    modelVersion: versionName(model),
    slots: 1,
    sound,
    multiShot,
    prompt,
    markers,
    externalId: textField(options, 'external_task_id'),
    callbackUrl: addressField(options, 'callback_url'),
    watermark: objectField(options, 'watermark_info')['enabled'] === true,
    units: unitsFor(model, { mode, seconds, sound }),
    order: { kind: 'clip', clip: clipOrder({ picture, mode, seconds, sound, markers, tiny: rules.tiny }) },
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
export function newTask(task: Task, { status, urls }: { status: TaskStatus; urls: string[] }) {
  const done = status === 'succeed';
  return {
    ...newReceipt(task),
    status: newWord(status),
    message: task.statusMessage,
    outputs: done ? urls.map((url, index) => newOutput(task, { url, index })) : [],
    billing: done ? [{ charge_type: 'unit', amount: task.units, package_type: task.product }] : [],
  };
}

function newOutput(task: Task, { url, index }: { url: string; index: number }) {
  const watermark = { watermark_url: task.watermark ? url : '' };
  if (task.product === 'image') return { type: 'image', url, ...watermark };
  const { id, duration } = task.results[index]!;
  return { type: 'video', id, url, ...watermark, duration };
}

/** The new standard says `succeeded` where the legacy one says `succeed`. */
export function newWord(status: TaskStatus): string {
  return status === 'succeed' ? 'succeeded' : status;
}

type Body = { family: string; model: KlingModel; fields: Fields; settings: Fields; options: Fields };

function refuseUnknownFields({ family, model, fields, settings, options }: Body): void {
  const withPicture = family === 'image2video';
  refuseUnknown(fields, [withPicture ? 'contents' : 'prompt', 'settings', 'options']);
  refuseUnknown(settings, [
    'resolution',
    'duration',
    ...(withPicture ? [] : ['aspect_ratio']),
    ...(hasAudioField(model) ? ['audio'] : []),
    ...(model.multiShot ? ['multi_shot'] : []),
  ]);
  refuseUnknown(options, ['callback_url', 'external_task_id', 'watermark_info']);
}

function readMode(model: KlingModel, settings: Fields): Mode {
  const resolution = choiceField(settings, 'resolution', { allowed: Object.keys(MODES), standard: '720p' });
  return checkMode(model, { mode: MODES[resolution] ?? 'std', name: model.pathName! });
}

/** 3.0-turbo has no such field, so it is not even looked at: its clips have sound whatever is sent. */
function hasAudioField(model: KlingModel): boolean {
  return model.sound === 'any mode' || model.sound === 'pro only';
}

function wishesAudio(model: KlingModel, settings: Fields): boolean {
  if (model.sound === 'always') return false;
  return choiceField(settings, 'audio', { allowed: ['native', 'off'], standard: 'off' }) === 'native';
}

function readSeconds(model: KlingModel, settings: Fields): number {
  const duration = settings['duration'] ?? 5;
  if (typeof duration !== 'number' || !Number.isInteger(duration)) {
    throw invalid(`duration value '${String(duration)}' is invalid`);
  }
  return checkSeconds(model, duration);
}

function readText(fields: Fields, { settings, maxPrompt }: { settings: Fields; maxPrompt: number }) {
  const prompt = textField(fields, 'prompt', maxPrompt);
  if (prompt === null) throw invalid('prompt can not be null');
  const ratio = choiceField(settings, 'aspect_ratio', { allowed: ['16:9', '9:16', '1:1'], standard: '16:9' });
  return { prompt, picture: plainFrame(ratio) };
}

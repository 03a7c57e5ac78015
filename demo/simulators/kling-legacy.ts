import { invalid, KlingRefusal } from './kling-answers.ts';
import { clipOrder, durationText } from './clip-orders.ts';
import { addressField, choiceField, objectField, refuseUnknown, textField } from './kling-fields.ts';
import type { Fields } from './simulator-http.ts';
import { readMarkers } from './markers.ts';
import { legacyModel, versionName } from './kling-models.ts';
import type { KlingModel } from './kling-models.ts';
import { readPicture } from './kling-pictures.ts';
import { checkSeconds, plainFrame, unitsFor } from './kling-rules.ts';
import type { CreateRules } from './kling-rules.ts';
import type { Task, TaskIntent, TaskStatus } from './kling-tasks.ts';

const MAX_PICTURE_BYTES = 10 * 1024 * 1024;
const MAX_PROMPT = 2500;

const COMMON_FIELDS = [
  'model_name',
  'model',
  'prompt',
  'negative_prompt',
  'multi_shot',
  'shot_type',
  'multi_prompt',
  'sound',
  'cfg_scale',
  'mode',
  'camera_control',
  'duration',
  'watermark_info',
  'callback_url',
  'external_task_id',
  'voice_list',
];
const FIELDS = {
  text2video: [...COMMON_FIELDS, 'aspect_ratio'],
  image2video: [...COMMON_FIELDS, 'image', 'image_tail', 'element_list', 'static_mask', 'dynamic_masks'],
};

/** Checks a legacy create body as Kling does. Throws KlingRefusal (1201, 1203). Fetches the picture when it is a URL. */
export async function readLegacyCreate(
  family: 'image2video' | 'text2video',
  fields: Fields,
  rules: CreateRules,
): Promise<TaskIntent> {
  if (rules.strict) refuseUnknown(fields, FIELDS[family]);
  const model = chooseModel(family, fields, rules);
  const mode = choiceField(fields, 'mode', { allowed: ['std', 'pro', '4k'], standard: 'std' });
  if (mode === '4k' && !model.fourK) {
    throw invalid(`4k mode is not supported by the current model: ${model.legacyName}`);
  }
  const prompt = readPrompt(fields);
  textField(fields, 'negative_prompt', MAX_PROMPT);
  const seconds = readSeconds(fields, model);
  const sound = choiceField(fields, 'sound', { allowed: ['on', 'off'], standard: 'off' }) === 'on';
  checkSound(model, mode, sound);
  checkScale(fields['cfg_scale']);
  refuseOldFeatures(fields);
  const markers = readMarkers(prompt);
  const picture =
    family === 'image2video' ? await readPictures(fields, { model, mode, sound }) : plainFrame(readRatio(fields));
  return {
    generation: 'legacy',
    family,
    modelVersion: versionName(model),
    prompt,
    markers,
    externalId: textField(fields, 'external_task_id'),
    callbackUrl: addressField(fields, 'callback_url'),
    watermark: objectField(fields, 'watermark_info')['enabled'] === true,
    units: unitsFor(model, { mode, seconds }),
    clip: clipOrder({ picture, mode, seconds, markers, tiny: rules.tiny }),
  };
}

/** What the legacy create answers. */
export function legacyReceipt(task: Task) {
  return {
    task_id: task.id,
    task_status: task.status,
    task_info: { external_task_id: task.externalId ?? '' },
    created_at: task.createdAtMs,
    updated_at: task.updatedAtMs,
  };
}

/** The legacy task object of queries, lists and callbacks. `url` is null until there is a result to show. */
export function legacyTask(task: Task, { status, url }: { status: TaskStatus; url: string | null }) {
  const done = status === 'succeed';
  const video = {
    id: task.videoId,
    url,
    watermark_url: task.watermark ? url : '',
    duration: durationText(task.clipShape),
  };
  return {
    ...legacyReceipt(task),
    task_status: status,
    task_status_msg: task.statusMessage,
    task_info: { parent_video: null, external_task_id: task.externalId ?? '' },
    watermark_info: { enabled: task.watermark },
    task_result: done ? { videos: url === null ? [] : [video] } : {},
    ...(done && {
      final_unit_deduction: task.units,
      final_balance_deduction: { quota: '0', list_price: '0' },
    }),
  };
}

function chooseModel(family: string, fields: Fields, rules: CreateRules): KlingModel {
  // The old key `model` is accepted and means nothing; without `model_name` the dead default is asked for.
  const name = textField(fields, 'model_name') ?? 'kling-v1';
  const model = legacyModel(name);
  if (!model || (family === 'text2video' && !model.textToVideo)) {
    throw new KlingRefusal(1203, `The model '${name}' does not exist`);
  }
  rules.refuseDiscontinued(name);
  return model;
}

function readPrompt(fields: Fields): string {
  const prompt = textField(fields, 'prompt', MAX_PROMPT);
  const ownShots = fields['multi_shot'] === true && fields['shot_type'] === 'customize';
  if (prompt === null && !ownShots) throw invalid('prompt can not be null');
  return prompt ?? JSON.stringify(fields['multi_prompt'] ?? '');
}

function readSeconds(fields: Fields, model: KlingModel): number {
  const duration = fields['duration'] ?? '5';
  if (typeof duration !== 'string' || !/^\d{1,3}$/.test(duration)) {
    throw invalid(`duration value '${String(duration)}' is invalid`);
  }
  return checkSeconds(model, Number(duration));
}

function checkSound(model: KlingModel, mode: string, sound: boolean): void {
  if (!sound) return;
  if (model.sound === 'never') throw invalid('Sound is not supported by the current model');
  if (model.sound === 'pro only' && mode === 'std') {
    throw invalid('Sound is not supported by the current model in std mode');
  }
}

function checkScale(scale: unknown): void {
  if (scale === undefined || scale === null) return;
  if (typeof scale !== 'number') throw invalid('cfgScale: must be a number');
  if (scale > 1) throw invalid('cfgScale: must be less than or equal to 1');
  if (scale < 0) throw invalid('cfgScale: must be greater than or equal to 0');
}

function refuseOldFeatures(fields: Fields): void {
  const has = (name: string) => fields[name] !== undefined && fields[name] !== null && fields[name] !== '';
  if (has('camera_control')) throw invalid('Camera control is not supported by the current model');
  if (has('static_mask') || has('dynamic_masks')) throw invalid('Motion brush is not supported by the current model');
}

function readRatio(fields: Fields): string {
  return choiceField(fields, 'aspect_ratio', { allowed: ['16:9', '9:16', '1:1'], standard: '16:9' });
}

async function readPictures(fields: Fields, ask: { model: KlingModel; mode: string; sound: boolean }) {
  const first = textField(fields, 'image');
  const last = textField(fields, 'image_tail');
  if (first === null && last === null) throw invalid('image can not be null');
  const { endFrame } = ask.model;
  const tailFits = endFrame === 'any mode' || (endFrame === 'pro only' && ask.mode !== 'std' && !ask.sound);
  if (last !== null && (first === null || !tailFits)) {
    throw invalid('Image tail is not supported by the current model');
  }
  if (last !== null) await readPicture(last, MAX_PICTURE_BYTES);
  return readPicture(first!, MAX_PICTURE_BYTES);
}

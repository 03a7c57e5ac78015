import { invalid, KlingRefusal } from './kling-answers.ts';
import { clipOrder } from './clip-orders.ts';
import { addressField, choiceField, objectField, refuseUnknown, shareField, textField } from './kling-fields.ts';
import type { Fields } from './simulator-http.ts';
import { readMarkers } from './markers.ts';
import { legacyModel, versionName } from './kling-models.ts';
import type { KlingModel } from './kling-models.ts';
import { readPicture } from './kling-pictures.ts';
import { checkMode, checkSeconds, checkSound, plainFrame, takesEndFrame, unitsFor } from './kling-rules.ts';
import type { CreateRules, Mode } from './kling-rules.ts';
import { readLegacyShots } from './kling-shots.ts';
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
  const word = choiceField(fields, 'mode', { allowed: ['std', 'pro', '4k'], standard: 'std' });
  const mode = checkMode(model, { mode: word as Mode, name: model.legacyName! });
  const prompt = readPrompt(fields);
  textField(fields, 'negative_prompt', MAX_PROMPT);
  const seconds = readSeconds(fields, model);
  const multiShot = readLegacyShots(fields, { model, seconds });
  const wished = choiceField(fields, 'sound', { allowed: ['on', 'off'], standard: 'off' }) === 'on';
  const sound = checkSound(model, { mode, wished });
  checkLists(fields, { model, sound });
  shareField(fields, 'cfg_scale');
  refuseOldFeatures(fields);
  const markers = readMarkers(prompt);
  const picture =
    family === 'image2video' ? await readPictures(fields, { model, mode, sound }) : plainFrame(readRatio(fields));
  return {
    generation: 'legacy',
    family,
    product: 'video',
    modelVersion: versionName(model),
    slots: 1,
    sound,
    multiShot,
    prompt,
    markers,
    externalId: textField(fields, 'external_task_id'),
    callbackUrl: addressField(fields, 'callback_url'),
    watermark: objectField(fields, 'watermark_info')['enabled'] === true,
    units: unitsFor(model, { mode, seconds, sound }),
    order: { kind: 'clip', clip: clipOrder({ picture, mode, seconds, sound, markers, tiny: rules.tiny }) },
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

/** The legacy task object of queries, lists and callbacks. `urls` are those of the task's files, once there are any. */
export function legacyTask(task: Task, { status, urls }: { status: TaskStatus; urls: string[] }) {
  const done = status === 'succeed';
  return {
    ...legacyReceipt(task),
    task_status: status,
    task_status_msg: task.statusMessage,
    task_info: { parent_video: null, external_task_id: task.externalId ?? '' },
    watermark_info: { enabled: task.watermark },
    task_result: done ? legacyResult(task, urls) : {},
    ...(done && {
      final_unit_deduction: task.units,
      final_balance_deduction: { quota: '0', list_price: '0' },
    }),
  };
}

function legacyResult(task: Task, urls: string[]) {
  const shared = urls.map((url) => ({ url, watermark_url: task.watermark ? url : '' }));
  if (task.product === 'image') return { images: shared.map((image, index) => ({ index, ...image })) };
  return {
    videos: shared.map((video, index) => {
      const { id, duration } = task.results[index]!;
      return { id, ...video, duration };
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

/** Elements (at most three) and voices (at most two, only with sound) exclude each other. */
function checkLists(fields: Fields, { model, sound }: { model: KlingModel; sound: boolean }): void {
  const count = (name: string) => {
    const list = fields[name] ?? [];
    if (!Array.isArray(list)) throw invalid(`${name} must be an array`);
    return list.length;
  };
  const [elements, voices] = [count('element_list'), count('voice_list')];
  if (elements > 0 && !model.multiShot) throw invalid('Element is not supported by the current model');
  if (voices > 0 && !model.voices) throw invalid('Voice is not supported by the current model');
  if (elements > 0 && voices > 0) throw invalid('element_list and voice_list can not be used together');
  if (elements > 3) throw invalid('The number of elements can not exceed 3');
  if (voices > 2) throw invalid('The number of voices can not exceed 2');
  if (voices > 0 && !sound) throw invalid("voice_list needs sound 'on'");
}

function refuseOldFeatures(fields: Fields): void {
  const has = (name: string) => fields[name] !== undefined && fields[name] !== null && fields[name] !== '';
  if (has('camera_control')) throw invalid('Camera control is not supported by the current model');
  if (has('static_mask') || has('dynamic_masks')) throw invalid('Motion brush is not supported by the current model');
}

function readRatio(fields: Fields): string {
  return choiceField(fields, 'aspect_ratio', { allowed: ['16:9', '9:16', '1:1'], standard: '16:9' });
}

async function readPictures(fields: Fields, ask: { model: KlingModel; mode: Mode; sound: boolean }) {
  const first = textField(fields, 'image');
  const last = textField(fields, 'image_tail');
  if (first === null && last === null) throw invalid('image can not be null');
  if (last !== null && (first === null || !takesEndFrame(ask.model, ask))) {
    throw invalid('Image tail is not supported by the current model');
  }
  if (last !== null) await readPicture(last, MAX_PICTURE_BYTES);
  return readPicture(first!, MAX_PICTURE_BYTES);
}

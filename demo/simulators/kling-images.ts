import { invalid, KlingRefusal } from './kling-answers.ts';
import { addressField, choiceField, objectField, refuseUnknown, shareField, textField } from './kling-fields.ts';
import { imageModel } from './kling-models.ts';
import type { ImageModel } from './kling-models.ts';
import { readPicture } from './kling-pictures.ts';
import type { CreateRules } from './kling-rules.ts';
import type { TaskIntent } from './kling-tasks.ts';
import { readMarkers } from './markers.ts';
import type { Markers } from './markers.ts';
import type { PictureOrder } from './picture-maker.ts';
import type { Fields } from './simulator-http.ts';

const MAX_PICTURE_BYTES = 10 * 1024 * 1024;
const MAX_PROMPT = 2500;
const MAX_IMAGES = 9;
/** Pictures and elements together. */
const MAX_REFERENCES = 10;
const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9'];
/** The side of a square picture; other shapes have about as many pixels. The exact sizes were never recorded. */
const SIDES_PX: Record<string, number> = { '1k': 1024, '2k': 2048 };
const TINY_SHORT_SIDE_PX = 300;

const FIELDS = [
  'model_name',
  'model',
  'prompt',
  'negative_prompt',
  'image',
  'image_reference',
  'image_fidelity',
  'human_fidelity',
  'element_list',
  'resolution',
  'n',
  'aspect_ratio',
  'watermark_info',
  'callback_url',
  'external_task_id',
];

/** Checks the body of `POST /v1/images/generations`. Throws KlingRefusal (1201, 1203). Fetches the picture when it is a URL. */
export async function readImageCreate(fields: Fields, rules: CreateRules): Promise<TaskIntent> {
  if (rules.strict) refuseUnknown(fields, FIELDS);
  const model = chooseModel(fields, rules);
  const prompt = textField(fields, 'prompt', MAX_PROMPT);
  if (prompt === null) throw invalid('prompt can not be null');
  const source = textField(fields, 'image');
  if (textField(fields, 'negative_prompt', MAX_PROMPT) !== null && source !== null) {
    throw invalid('Negative prompt is not supported in image to image');
  }
  checkReference(fields, { model, withImage: source !== null, strict: rules.strict });
  const resolution = choiceField(fields, 'resolution', { allowed: ['1k', '2k'], standard: '1k' });
  const ratio = choiceField(fields, 'aspect_ratio', { allowed: RATIOS, standard: '16:9' });
  const count = readCount(fields);
  const reference = source === null ? null : (await readPicture(source, MAX_PICTURE_BYTES)).bytes;
  const markers = readMarkers(prompt);
  const size = pictureSize({ ratio, resolution, markers, tiny: rules.tiny });
  return {
    generation: 'legacy',
    family: 'image',
    product: 'image',
    modelVersion: model.name,
    slots: count,
    sound: false,
    multiShot: false,
    prompt,
    markers,
    externalId: textField(fields, 'external_task_id'),
    callbackUrl: addressField(fields, 'callback_url'),
    watermark: objectField(fields, 'watermark_info')['enabled'] === true,
    units: String((reference ? model.unitsFromImage : model.unitsFromText) * count),
    order: {
      kind: 'pictures',
      pictures: Array.from({ length: markers.has('fewer-images') ? count - 1 : count }, (_, index) =>
        pictureOrder({ prompt, index, size, reference, tiny: rules.tiny }),
      ),
    },
  };
}

/** Without `model_name` (or under the old key `model`) the newest model is asked for, says the page of September 2026. */
function chooseModel(fields: Fields, rules: CreateRules): ImageModel {
  const name = textField(fields, 'model_name') ?? 'kling-v3';
  rules.refuseDiscontinued(`images/${name}`);
  const model = imageModel(name);
  if (!model) throw new KlingRefusal(1203, `The model '${name}' does not exist`);
  return model;
}

function checkReference(fields: Fields, ask: { model: ImageModel; withImage: boolean; strict: boolean }): void {
  const kind = choiceField(fields, 'image_reference', { allowed: ['subject', 'face'], standard: '' });
  if (kind !== '' && !ask.withImage) throw invalid('image can not be null when image_reference is not null');
  if (kind !== '' && !ask.model.referenceKinds) throw invalid('Image reference is not supported by the current model');
  for (const name of ['image_fidelity', 'human_fidelity']) {
    const share = shareField(fields, name);
    if (share !== null && ask.strict && !ask.model.referenceKinds) {
      throw invalid(`strict mode: ${name} has no effect on the current model`);
    }
  }
  const elements = fields['element_list'] ?? [];
  if (!Array.isArray(elements)) throw invalid('element_list must be an array');
  if (elements.length > 0 && !ask.model.elements) throw invalid('Element is not supported by the current model');
  if (elements.length + (ask.withImage ? 1 : 0) > MAX_REFERENCES) {
    throw invalid(`The number of elements and images can not exceed ${MAX_REFERENCES}`);
  }
}

function readCount(fields: Fields): number {
  const count = fields['n'] ?? 1;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MAX_IMAGES) {
    throw invalid(`n value '${String(count)}' is invalid`);
  }
  return count;
}

function pictureSize(ask: { ratio: string; resolution: string; markers: Markers; tiny: boolean }) {
  const [across = 1, down = 1] = ask.markers.has('square-result') ? [1, 1] : ask.ratio.split(':').map(Number);
  const side = SIDES_PX[ask.resolution] ?? 1024;
  const scale = ask.tiny ? TINY_SHORT_SIDE_PX / Math.min(across, down) : Math.sqrt((side * side) / (across * down));
  return { width: evenNumber(across * scale), height: evenNumber(down * scale) };
}

function evenNumber(value: number): number {
  return Math.round(value / 2) * 2;
}

type OneOf = { prompt: string; index: number; size: { width: number; height: number }; tiny: boolean };

/** Each of several pictures has a scene of its own. */
function pictureOrder({
  prompt,
  index,
  size,
  reference,
  tiny,
}: OneOf & { reference: Uint8Array | null }): PictureOrder {
  if (tiny) return { prompt: `tiny ${index}`, ...size };
  return { prompt: index === 0 ? prompt : `${prompt} ${index}`, ...size, ...(reference && { reference }) };
}

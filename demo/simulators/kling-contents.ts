import { invalid } from './kling-answers.ts';
import { objectField, textField } from './kling-fields.ts';
import type { KlingModel } from './kling-models.ts';
import { readPicture } from './kling-pictures.ts';
import type { KlingPicture } from './kling-pictures.ts';
import { takesEndFrame } from './kling-rules.ts';
import type { Mode } from './kling-rules.ts';
import type { Fields } from './simulator-http.ts';

const MAX_PICTURE_BYTES = 50 * 1024 * 1024;
const MAX_ELEMENTS = 3;
const MAX_VOICES = 2;
const TYPES = ['prompt', 'first_frame', 'last_frame', 'element', 'voice'];

type Ask = { model: KlingModel; mode: Mode; sound: boolean; maxPrompt: number };

/**
 * Reads `contents` of the new picture-to-video paths: typed items, of which a first frame is needed.
 * Throws KlingRefusal 1201; the words about single items were never recorded.
 */
export async function readContents(contents: unknown, ask: Ask): Promise<{ prompt: string; picture: KlingPicture }> {
  if (!Array.isArray(contents) || contents.length === 0) throw invalid('contents can not be empty');
  const items = contents.map((item) => objectField({ item }, 'item'));
  const strange = items.find((item) => !TYPES.includes(String(item['type'])));
  if (strange) throw invalid(`contents type value '${String(strange['type'])}' is invalid`);
  const prompt = textField(onlyItem(items, 'prompt'), 'text', ask.maxPrompt) ?? '';
  const first = textField(onlyItem(items, 'first_frame'), 'url');
  const last = textField(onlyItem(items, 'last_frame'), 'url');
  if (first === null) throw invalid('first_frame can not be null');
  if (last !== null && !takesEndFrame(ask.model, ask)) {
    throw invalid('Last frame is not supported by the current model');
  }
  checkReferences(items, ask);
  if (last !== null) await readPicture(last, MAX_PICTURE_BYTES);
  return { prompt, picture: await readPicture(first, MAX_PICTURE_BYTES) };
}

function onlyItem(items: Fields[], type: string): Fields {
  const found = items.filter((item) => item['type'] === type);
  if (found.length > 1) throw invalid(`contents can not have more than one ${type}`);
  return found[0] ?? {};
}

function checkReferences(items: Fields[], { model, sound }: Ask): void {
  const count = (type: string) => items.filter((item) => item['type'] === type).length;
  if (count('element') > 0 && !model.multiShot) throw invalid('Element is not supported by the current model');
  if (count('voice') > 0 && !model.voices) throw invalid('Voice is not supported by the current model');
  if (count('element') > MAX_ELEMENTS) throw invalid(`The number of elements can not exceed ${MAX_ELEMENTS}`);
  if (count('voice') > MAX_VOICES) throw invalid(`The number of voices can not exceed ${MAX_VOICES}`);
  if (count('voice') > 0 && !sound) throw invalid("A voice needs audio 'native'");
}

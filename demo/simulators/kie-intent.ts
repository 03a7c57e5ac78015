import { KieRefusal } from './kie-answers.ts';
import { checkFields } from './kie-fields.ts';
import { kieModel } from './kie-models.ts';
import type { KieModel } from './kie-models.ts';
import { readPicture } from './kie-pictures.ts';
import { resultOrder, resultShape } from './kie-results.ts';
import type { ResultOrder } from './kie-results.ts';
import type { KieIntent } from './kie-tasks.ts';
import { readMarkers } from './markers.ts';
import type { Fields } from './simulator-http.ts';

/** What a create request is judged by, besides the request itself. */
export type CreateRules = {
  /** Refuse unknown input fields, which Kie.ai drops silently. */
  strict: boolean;
  /** Order small results. */
  tiny: boolean;
  isPaused: (model: string) => boolean;
  /** Whether the vendor's servers get to this address. */
  reaches: (url: URL) => boolean;
  make: (order: ResultOrder) => Promise<string>;
};

/** Checks a create body as Kie.ai does, in its order: the name, the pause, the fields. Throws KieRefusal. */
export function readCreate(fields: Fields, rules: CreateRules): KieIntent {
  const name = fields['model'];
  const model = typeof name === 'string' ? kieModel(name) : null;
  if (!model) throw new KieRefusal(422, 'The model name you specified is not supported');
  if (rules.isPaused(model.name)) throw new KieRefusal(500, 'This interface is temporarily paused.');
  const given = fields['input'];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new KieRefusal(500, 'This field is required');
  }
  if (rules.strict) refuseUnknown(given as Fields, model);
  const input = checkFields(given as Fields, model.fields);
  model.check?.(input);
  const prompt = typeof input['prompt'] === 'string' ? input['prompt'] : JSON.stringify(input['multi_prompt'] ?? '');
  const markers = readMarkers(prompt);
  return {
    model: model.name,
    input,
    prompt,
    markers,
    callBackUrl: readAddress(fields['callBackUrl']),
    credits: model.credits(input),
    shape: resultShape(model, input),
    async begin() {
      const addresses = model.pictures.flatMap((field) => input[field] ?? []) as string[];
      const limits = { reaches: rules.reaches, maxBytes: (model.maxPictureMb ?? 10) * 1024 * 1024 };
      const pictures = await Promise.all(addresses.map((address) => readPicture(address, limits)));
      const order = resultOrder(model, { input, pictures, markers, tiny: rules.tiny });
      return () => rules.make(order);
    },
  };
}

function readAddress(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  throw new KieRefusal(422, 'callBackUrl is not a valid url');
}

function refuseUnknown(input: Fields, model: KieModel): void {
  const unknown = Object.keys(input).find((name) => !Object.hasOwn(model.fields, name));
  if (unknown !== undefined) throw new KieRefusal(422, `strict mode: unknown field '${unknown}'`);
}

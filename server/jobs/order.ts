import { AppError } from '../errors.ts';
import type { Choice, JobRow, PresetRow, UploadRow } from '../store/schema.ts';
import { parseRatio, resolveFrame, type Frame } from './frame.ts';
import { findModel, modelFaults } from './models.ts';
import type { JobRequest, Wish } from './new-job.ts';
import { fillPrompt, maxPromptLength } from './prompt.ts';
import { styles } from './styles.ts';

const invalid = (issue: string) => new AppError('invalid_request', { issues: [issue] });

/**
 * The request with what it leaves out taken from the job it is a variant of: the picture with its frame, title,
 * description and group. Another picture, frame or fit brings its own frame. Throws `invalid_request` for the name of no
 * group.
 */
export function withParent(request: JobRequest, parent: JobRow | null): Wish {
  if (!parent) return inGroup({ fit: 'crop', ...request });
  const { title, description, groupId, uploadId, frame, fit } = parent;
  const told = Object.entries({ title, description, groupId }).filter(([, value]) => value !== null);
  const picture = request.uploadId === undefined && uploadId !== null && { uploadId };
  const isFramedAlike = picture && request.frame === undefined && (request.fit ?? fit) === fit;
  const framing = isFramedAlike ? { ...(frame && { frame }), fit } : { fit: request.fit ?? 'crop' };
  return inGroup({ ...Object.fromEntries(told), ...request, ...picture, ...framing });
}

function inGroup(wish: Wish): Wish {
  if (wish.groupName !== undefined && wish.groupId === undefined) throw invalid('groupName: there is no groupId');
  return wish;
}

/** The preset as this order has it: with what the seller chose, and the price of that. Throws `invalid_request`. */
export function chosenPreset(preset: PresetRow, request: JobRequest): PresetRow {
  const { aspectRatios, seconds, modes } = preset.choices;
  const ratio = choose('aspectRatio', { wish: request.aspectRatio, own: preset.aspectRatio, choices: aspectRatios });
  const length = choose('seconds', { wish: request.seconds, own: preset.seconds, choices: seconds });
  const mode = choose('mode', { wish: request.mode, own: preset.mode, choices: modes });
  const chosen = {
    ...preset,
    aspectRatio: ratio.value,
    seconds: length.value,
    mode: mode.value,
    tokensCost: preset.tokensCost + ratio.extraTokens + length.extraTokens + mode.extraTokens,
  };
  const model = findModel(chosen);
  const [fault] = model ? modelFaults(model, chosen) : findModel(preset) ? ['mode'] : [];
  if (fault) throw invalid(`${fault}: ${chosen.model} cannot do this`);
  return chosen;
}

function choose<T>(
  field: string,
  { wish, own, choices = [] }: { wish: T | undefined; own: T; choices: readonly Choice<T>[] | undefined },
): Choice<T> {
  if (wish === undefined || wish === own) return { value: own, extraTokens: 0 };
  const choice = choices.find(({ value }) => value === wish);
  if (!choice) throw invalid(`${field}: this preset does not offer ${String(wish)}`);
  return choice;
}

/**
 * The prompts as they are sent. A seller's own prompt goes to the letter, the operator's has its variables filled; a style
 * adds its words at the end. Throws `invalid_request` for an unknown style and for a prompt that is too long for the model.
 */
export function promptsFor(preset: PresetRow, request: JobRequest): { prompt: string; negativePrompt: string } {
  const { title = null, description = null, styleId } = request;
  const most = findModel(preset)?.maxPromptLength ?? maxPromptLength;
  const style = styles.find(({ id }) => id === styleId);
  if (styleId !== undefined && !style) throw invalid('styleId: there is no such style');
  const ending = style ? ` ${style.fragment}` : '';
  const text = request.prompt ?? fillPrompt(preset.prompt, { title, description }, most - ending.length);
  if (text === '') throw invalid('prompt: this preset needs one');
  if (text.length + ending.length > most) throw invalid(`prompt: at most ${most - ending.length} characters here`);
  return { prompt: text + ending, negativePrompt: fillPrompt(preset.negativePrompt, { title, description }) };
}

interface FrameWish {
  preset: PresetRow;
  upload: UploadRow;
  request: Wish;
  /** The provider's smallest side of a picture. */
  minSide: number;
  /** The frame was made for another preset: where it does not fit this one, the largest centred frame is taken. */
  isInherited: boolean;
}

/** The frame that will be cut. Throws `invalid_request` for one that cannot be. */
export function frameFor({ preset, upload, request, minSide, isInherited }: FrameWish): Frame {
  const question = { picture: upload, fit: request.fit, ratio: parseRatio(preset.aspectRatio), minSide };
  const resolved = resolveFrame({ ...question, frame: request.frame });
  const answer = 'problem' in resolved && isInherited ? resolveFrame({ ...question, frame: undefined }) : resolved;
  if ('problem' in answer) throw invalid(answer.problem);
  return answer;
}

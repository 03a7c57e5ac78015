/** What the seller is preparing in one kind: the words, the choices, the picture. Talks to nobody. */
import type { CreateJob, JobKind, Preset, Session } from '../../../server/contract.ts';
import { Draft } from '../../draft.ts';
import type { Orderable } from '../../ordering.ts';

/** The three things a preset may let the seller choose. */
export interface Choices {
  aspectRatio: string;
  seconds: number | null;
  /** Undefined: the preset's own. */
  mode: string | undefined;
}

const extraOf = <T>(list: readonly { value: T; extraTokens: number }[], value: T) =>
  list.find((choice) => choice.value === value)?.extraTokens ?? 0;

/** Whether a kind is made from the seller's picture. */
export const needsPicture = (kind: JobKind): boolean => kind.startsWith('image-');

/** The kind that makes the same from a picture; a form for words takes one if the site has presets of that kind. */
export const withPicture = (kind: JobKind): JobKind => kind.replace('text-', 'image-') as JobKind;

/** `presets` are asked anew at each use: they may change with the session, and with the picture that is added. */
export class KindDraft implements Orderable {
  prompt = '';
  styleId: string | undefined;
  /** The picture and its frame, in the shape that is chosen. */
  readonly framing: Draft;
  readonly #presets: (hasPicture: boolean) => Preset[];
  readonly #changed: () => void;
  #presetId: string | undefined;
  #wish: Partial<Choices> = {};

  constructor({ presets, changed }: { presets: (hasPicture: boolean) => Preset[]; changed: () => void }) {
    this.#presets = presets;
    this.#changed = changed;
    this.framing = new Draft(changed);
  }

  get presets(): Preset[] {
    return this.#presets(this.picture !== undefined);
  }

  /** At first one that leaves the shape to the seller: covers and marketplaces have a mode of their own. */
  get preset(): Preset | undefined {
    const { presets } = this;
    const isOpen = ({ choices }: Preset) => choices.aspectRatios.length > 0;
    return presets.find((preset) => preset.id === this.#presetId) ?? presets.find(isOpen) ?? presets[0];
  }

  get picture() {
    return this.framing.picture;
  }

  /** What is chosen; a wish that the preset does not have counts as its own. */
  get choices(): Choices {
    const { preset } = this;
    const { aspectRatios = [], seconds = [], modes = [] } = preset?.choices ?? {};
    const taken = <T>(list: readonly { value: T }[], wish: T | undefined, own: T) =>
      list.some((choice) => choice.value === wish) ? wish! : own;
    return {
      aspectRatio: taken(aspectRatios, this.#wish.aspectRatio, preset?.aspectRatio ?? '1:1'),
      seconds: taken<number | null>(seconds, this.#wish.seconds, preset?.seconds ?? null),
      mode: taken<string | undefined>(modes, this.#wish.mode, modes[0]?.value),
    };
  }

  /** The price of exactly this order. */
  get price(): number {
    const { preset, choices } = this;
    if (!preset) return 0;
    const { aspectRatios, seconds, modes } = preset.choices;
    return (
      preset.tokensCost +
      extraOf(aspectRatios, choices.aspectRatio) +
      extraOf<number | null>(seconds, choices.seconds) +
      extraOf<string | undefined>(modes, choices.mode)
    );
  }

  /** Takes presets of a changed session, and the shape that follows from the choices. */
  settle(): void {
    const { preset, choices } = this;
    const { framing } = this;
    if (!preset) return;
    const { minFrameWidth, minFrameHeight } = preset.limits;
    const isOwnShape = choices.aspectRatio === preset.aspectRatio;
    const side = Math.min(minFrameWidth, minFrameHeight);
    const limits = isOwnShape ? preset.limits : { ...preset.limits, minFrameWidth: side, minFrameHeight: side };
    const known = framing.preset;
    if (known?.id === preset.id && known.aspectRatio === choices.aspectRatio) return;
    framing.choosePreset({ ...preset, aspectRatio: choices.aspectRatio, limits });
  }

  choosePreset(id: string): void {
    this.#presetId = id;
    this.#changed();
  }

  choose(wish: Partial<Choices>): void {
    this.#wish = { ...this.#wish, ...wish };
    this.#changed();
  }

  write(prompt: string): void {
    this.prompt = prompt;
    this.#changed();
  }

  chooseStyle(id: string | undefined): void {
    this.styleId = id;
    this.#changed();
  }

  /** Throws ApiError and keeps the earlier picture when the new one cannot be used. */
  async pick(file: File, session: Session): Promise<void> {
    await this.framing.pick(file, session);
  }

  confirmSize(seen: { width: number; height: number }): boolean {
    return this.framing.confirmSize(seen);
  }

  /** Only what the preset lets the seller choose is said, so that a preset's own value may change meanwhile. */
  order(uploadId: string | undefined): CreateJob {
    const { aspectRatio, seconds, mode } = this.choices;
    const { choices, id } = this.preset!;
    const { fit, frame } = this.framing;
    return {
      presetId: id,
      prompt: this.prompt.trim(),
      ...(uploadId && { uploadId, fit, ...(fit === 'crop' && frame && { frame }) }),
      ...(choices.aspectRatios.length > 0 && { aspectRatio }),
      ...(choices.seconds.length > 0 && seconds && { seconds }),
      ...(choices.modes.length > 0 && mode && { mode }),
      ...(this.styleId && { styleId: this.styleId }),
    };
  }

  /** Takes the words and choices of an order that an earlier page left unanswered. */
  restore({ presetId, prompt = '', aspectRatio, seconds, mode, styleId }: CreateJob): void {
    this.#presetId = presetId;
    this.prompt = prompt;
    this.styleId = styleId;
    this.#wish = { ...(aspectRatio && { aspectRatio }), ...(seconds && { seconds }), ...(mode && { mode }) };
  }
}

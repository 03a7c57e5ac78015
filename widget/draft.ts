/** What the seller is preparing: the picture, its frame, how it is fitted, and the preset. */
import type { CreateJob, Frame, Preset, Session } from '../server/contract.ts';
import { centredFrame, frameRules, isTooSmall, paddedSize, type FrameRules } from './frame-geometry.ts';
import { readPicture, type Picture } from './picture.ts';

/** `onChange` is called after each change; the draft itself talks to nobody. */
export class Draft {
  picture: Picture | undefined;
  frame: Frame | undefined;
  fit: 'crop' | 'pad' = 'crop';
  preset: Preset | undefined;
  readonly #onChange: () => void;
  #reading: File | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Reads and checks the file; throws ApiError and keeps the earlier picture when it cannot be used. What is picked or
   * cleared meanwhile wins, and nothing is answered.
   */
  async pick(file: File, session: Session): Promise<Picture | undefined> {
    this.#reading = file;
    const picture = await readPicture(file, session.upload);
    if (this.#reading !== file) return void picture.release();
    this.clear();
    this.picture = picture;
    this.#reframe();
    return picture;
  }

  choosePreset(preset: Preset | undefined): void {
    const isNewShape = preset?.aspectRatio !== this.preset?.aspectRatio;
    this.preset = preset;
    if (isNewShape || !this.frame) this.#reframe();
    else this.#onChange();
  }

  setFrame(frame: Frame): void {
    this.frame = frame;
    this.#onChange();
  }

  setFit(fit: 'crop' | 'pad'): void {
    this.fit = fit;
    this.#onChange();
  }

  clear(): void {
    this.picture?.release();
    this.picture = undefined;
    this.#reading = undefined;
    this.frame = undefined;
    this.fit = 'crop';
    this.#onChange();
  }

  /** Undefined until there is both a picture and a preset. */
  get rules(): FrameRules | undefined {
    return this.picture && this.preset && frameRules(this.picture, this.preset);
  }

  /** True when what would be sent is smaller than the preset allows. */
  get isTooSmall(): boolean {
    const { rules, preset, fit } = this;
    if (!rules || !preset) return false;
    if (fit === 'crop') return isTooSmall(rules);
    const { width, height } = paddedSize(rules);
    return width < preset.limits.minFrameWidth || height < preset.limits.minFrameHeight;
  }

  /** Takes the server's word on the picture's size; true when it agrees with what the seller saw. */
  confirmSize(seen: { width: number; height: number }): boolean {
    const picture = this.picture!;
    if (picture.width === seen.width && picture.height === seen.height) return true;
    this.picture = { ...picture, width: seen.width, height: seen.height };
    this.#reframe();
    return false;
  }

  /** The order for the uploaded picture. A padded picture is sent whole, so it has no frame. */
  order(uploadId: string | undefined): CreateJob {
    const order: CreateJob = { presetId: this.preset!.id, uploadId: uploadId!, fit: this.fit };
    return this.fit === 'crop' && this.frame ? { ...order, frame: this.frame } : order;
  }

  #reframe(): void {
    this.frame = this.rules && centredFrame(this.rules);
    this.#onChange();
  }
}

/** The product that scenes are made for. Its words outlive a reload of the page; the picture does not. */
import type { Preset, Scene, Session } from '../../../server/contract.ts';
import { Draft } from '../../draft.ts';
import { newKey } from '../../pending-order.ts';
import { toJson } from '../../plain-json.ts';
import type { ModeHost } from '../mode.ts';
import { SceneSlot } from './scene-slot.ts';

/** What is kept for the next page of this tab. */
interface Kept {
  name: string;
  description: string;
  presetId: string | undefined;
  groupId: string;
  isDefault: boolean;
  scenes: { scene: Scene; jobId: string | undefined }[];
}

const slotNumbers = [1, 2, 3];

/** Holds everything the seller has said about one product. */
export class Product {
  name = '';
  description = '';
  groupId: string = newKey();
  /** The ideas are ours, because the service for them gave none. */
  isDefault = false;
  readonly framing: Draft;
  readonly slots: readonly SceneSlot[];
  readonly #host: ModeHost;
  #presetId: string | undefined;

  constructor(host: ModeHost) {
    this.#host = host;
    this.framing = new Draft(() => host.requestUpdate());
    const changed = () => this.#changed();
    this.slots = slotNumbers.map((number) => new SceneSlot({ host, product: this, number, changed }));
  }

  get presets(): Preset[] {
    return this.#host.presetsOf('image-to-video');
  }

  get preset(): Preset | undefined {
    return this.presets.find(({ id }) => id === this.#presetId) ?? this.presets[0];
  }

  get hasScenes(): boolean {
    return this.slots.some((slot) => slot.isFilled);
  }

  /** Something of it was ordered: a new idea would be another product. */
  get isOrdered(): boolean {
    return this.slots.some((slot) => slot.job || slot.isBusy);
  }

  get chosen(): SceneSlot[] {
    return this.slots.filter((slot) => slot.isChosen && slot.isFilled);
  }

  /** Takes presets of a changed session. */
  settle(): void {
    if (this.framing.preset?.id !== this.preset?.id) this.framing.choosePreset(this.preset);
  }

  choosePreset(id: string): void {
    this.#presetId = id;
    this.#changed();
  }

  write(part: 'name' | 'description', text: string): void {
    this[part] = text;
    this.#changed();
  }

  async pick(file: File, session: Session): Promise<void> {
    await this.framing.pick(file, session);
  }

  takeScenes(scenes: readonly Scene[], isDefault: boolean): void {
    this.isDefault = isDefault;
    this.slots.forEach((slot, at) => {
      slot.scene = scenes[at]!;
      slot.isChosen = at === 0;
      slot.fault = undefined;
    });
    this.#changed();
  }

  /** The job whose picture a scene may take: its own, else, where the page has no picture, a sister's. */
  parentFor(slot: SceneSlot): string | undefined {
    return slot.job?.id ?? (this.framing.picture ? undefined : this.slots.find(({ job }) => job)?.job?.id);
  }

  /** A new product; jobs under way go on and stand in the list below. */
  clear(): void {
    this.name = this.description = '';
    this.groupId = newKey();
    this.framing.clear();
    for (const slot of this.slots) {
      slot.scene = { title: '', description: '', prompt: '' };
      slot.job = slot.fault = undefined;
      slot.isChosen = false;
    }
    this.#changed();
  }

  /** Brings back what an earlier page of this tab kept; its jobs come with the list of the group. */
  async restore(): Promise<void> {
    const kept = this.#read();
    if (!kept) return;
    this.name = kept.name;
    this.description = kept.description;
    this.groupId = kept.groupId;
    this.isDefault = kept.isDefault;
    this.#presetId = kept.presetId;
    kept.scenes.forEach(({ scene }, at) => (this.slots[at]!.scene = scene));
    this.#host.requestUpdate();
    if (!kept.scenes.some(({ jobId }) => jobId)) return;
    const { items } = await this.#host.api.jobs({ groupId: kept.groupId }, { signal: this.#host.signal });
    kept.scenes.forEach(({ jobId }, at) => (this.slots[at]!.job ??= items.find((job) => job.id === jobId)));
    this.#host.requestUpdate();
  }

  keep(): void {
    const { name, description, groupId, isDefault } = this;
    const scenes = this.slots.map(({ scene, job }) => ({ scene, jobId: job?.id }));
    const kept: Kept = { name, description, presetId: this.#presetId, groupId, isDefault, scenes };
    try {
      sessionStorage.setItem(this.#storageName, toJson(kept));
    } catch {
      // Storage is off in private windows and sandboxed frames; then a reload begins anew.
    }
  }

  #read(): Kept | undefined {
    try {
      return (JSON.parse(sessionStorage.getItem(this.#storageName)!) as Kept | null) ?? undefined;
    } catch {
      return undefined;
    }
  }

  get #storageName(): string {
    const { site, user } = this.#host.session;
    return `kling-video-cover:scenes:${JSON.stringify([this.#host.api.server, site.id, user.id])}`;
  }

  #changed(): void {
    this.keep();
    this.#host.requestUpdate();
  }
}

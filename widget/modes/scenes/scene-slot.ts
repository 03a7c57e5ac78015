/** One scene of a product: its words, whether it is wanted, its order and what became of it. */
import type { CreateJob, Job, Scene } from '../../../server/contract.ts';
import type { ApiError } from '../../api-error.ts';
import { mergeJob } from '../../job-state.ts';
import type { Orderable, Ordering } from '../../ordering.ts';
import type { JobNews, ModeHost } from '../mode.ts';
import type { Product } from './product.ts';

interface SlotSetup {
  host: ModeHost;
  product: Product;
  /** 1 to 3: names the place where the unanswered order is kept. */
  number: number;
  changed: () => void;
}

/** There are three of them; each orders by itself, so that one failure is no other's. */
export class SceneSlot implements Orderable {
  readonly number: number;
  readonly ordering: Ordering;
  scene: Scene = { title: '', description: '', prompt: '' };
  isChosen = false;
  /** The card asks whether its clip is to be deleted. */
  isAsking = false;
  job: Job | undefined;
  fault: ApiError | undefined;
  readonly #host: ModeHost;
  readonly #product: Product;
  readonly #changed: () => void;

  constructor({ host, product, number, changed }: SlotSetup) {
    this.number = number;
    this.#host = host;
    this.#product = product;
    this.#changed = changed;
    this.ordering = host.ordering(`scene-${number}`, {
      changed,
      created: (job) => this.#take(job),
      failed: (fault) => this.#fail(fault),
    });
  }

  /** Whether there are words to order. */
  get isFilled(): boolean {
    return this.scene.prompt.trim() !== '';
  }

  get isBusy(): boolean {
    return this.ordering.step !== 'idle';
  }

  /** Whether the words are other than those the job was made with. */
  get isEdited(): boolean {
    return this.job !== undefined && this.job.prompt !== this.scene.prompt.trim();
  }

  write(part: keyof Scene, text: string): void {
    this.scene = { ...this.scene, [part]: text };
    this.#changed();
  }

  choose(isChosen: boolean): void {
    this.isChosen = isChosen;
    this.#changed();
  }

  ask(isAsking: boolean): void {
    this.isAsking = isAsking;
    this.#changed();
  }

  async place(): Promise<void> {
    this.fault = undefined;
    await this.ordering.place(this);
  }

  /** The picture is sent once for all scenes; where a job has it already, the new one takes it from there. */
  get picture() {
    return this.#product.parentFor(this) ? undefined : this.#product.framing.picture;
  }

  confirmSize(seen: { width: number; height: number }): boolean {
    return this.#product.framing.confirmSize(seen);
  }

  order(uploadId: string | undefined): CreateJob {
    const { name, groupId, preset, framing } = this.#product;
    const { title, description, prompt } = this.scene;
    const { fit, frame } = framing;
    const parentId = this.#product.parentFor(this);
    return {
      presetId: preset!.id,
      prompt: prompt.trim(),
      ...(title.trim() && { title: title.trim() }),
      ...(description.trim() && { description: description.trim() }),
      groupId,
      groupName: name.trim(),
      ...(uploadId && { uploadId, fit, ...(fit === 'crop' && frame && { frame }) }),
      ...(!uploadId && parentId && { parentId }),
    };
  }

  /** Takes news of its own job. */
  hear(news: JobNews): void {
    if (news.id !== this.job?.id) return;
    if (news.isGone) {
      this.job = undefined;
      this.isAsking = false;
    } else this.#take(news.job);
    this.#changed();
  }

  #take(job: Job): void {
    const before = this.job?.id === job.id ? this.job : undefined;
    this.job = mergeJob(before, this.#host.newest(job));
    this.isChosen = false;
    if (!before) this.isAsking = false;
    this.#product.keep();
    if (before && before.status !== this.job.status && this.job.status === 'completed')
      this.#host.say(this.#host.texts.scenes.ready(this.job.title ?? ''));
  }

  #fail(fault: ApiError): void {
    this.fault = fault;
    this.#changed();
  }
}

/** Puts a widget on the test page, in a world of its own on the server double, and works it as a seller would. */
import type { Job } from '../../server/contract.ts';
import { KlingVideoCover } from '../element.ts';
import '../index.ts';
import type { CoverEventName } from '../events.ts';
import type { Levers, Seen } from './server-double.ts';

/** Waits for a truthy answer; fails with the question's own source text. */
export async function until<T>(ask: () => T | Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as NonNullable<T>;
    if (performance.now() > endMs) throw new Error(`never came true: ${ask.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** A real PNG with something to see in it. */
export async function pngFile(width: number, height: number, name = 'mug.png'): Promise<File> {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#3a7';
  context.fillRect(width / 4, height / 4, width / 2, height / 2);
  const blob = await new Promise<Blob>((resolve) => canvas.toBlob((made) => resolve(made!), 'image/png'));
  return new File([blob], name, { type: 'image/png' });
}

/** One seller's page. */
export class CoverPage {
  readonly base = `${location.origin}/double/${crypto.randomUUID()}`;
  readonly events: { name: CoverEventName; detail: Record<string, unknown> }[] = [];
  element!: KlingVideoCover;

  /** Sets levers of the double. */
  async set(levers: Levers): Promise<void> {
    await this.#post('~set', levers);
  }

  /** Moves a job on the server, and tells the stream. */
  async move(id: string, change: Partial<Job>): Promise<void> {
    await this.#post('~job', { id, ...change });
  }

  /** What the server has seen so far, newest last. */
  async seen(method: string, path: string): Promise<Seen[]> {
    const all = (await (await fetch(`${this.base}/~seen`, { method: 'POST' })).json()) as Seen[];
    return all.filter((one) => one.method === method && one.path === path);
  }

  /** Adds the element and waits until it is ready or has failed. */
  async open(attributes: Record<string, string> = {}): Promise<void> {
    const element = document.createElement('kling-video-cover');
    const all = { server: this.base, 'token-url': `${this.base}/token`, lang: 'ru', ...attributes };
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
    const names: CoverEventName[] = [
      'cover-ready',
      'cover-created',
      'cover-progress',
      'cover-completed',
      'cover-failed',
      'balance-changed',
      'cover-chosen',
      'cover-error',
    ];
    for (const name of names) {
      element.addEventListener(name, (event) =>
        this.events.push({ name, detail: event.detail as unknown as Record<string, unknown> }),
      );
    }
    this.element = element;
    document.body.append(element);
    await until(() => this.find('.balance, .broken'));
  }

  close(): void {
    this.element.remove();
  }

  find<E extends HTMLElement = HTMLElement>(selector: string): E | null {
    return this.element.shadowRoot?.querySelector<E>(selector) ?? null;
  }

  findAll(selector: string): HTMLElement[] {
    return [...this.element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
  }

  /** Waits for the control and presses it. */
  async press(selector: string): Promise<void> {
    (await until(() => this.find(selector))).click();
    await this.element.updateComplete;
  }

  text(selector: string): string {
    return (this.find(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  /** Chooses files through the file input, as the dialog would. */
  choose(...files: File[]): void {
    const input = this.find<HTMLInputElement>('.picker')!;
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    input.dispatchEvent(new Event('change'));
  }

  async choosePicture(width = 900, height = 1200): Promise<void> {
    this.choose(await pngFile(width, height));
    await until(() => this.find('.stage'));
  }

  /** From an open widget to a running job; answers its id. */
  async order(): Promise<string> {
    await this.choosePicture();
    await this.press('[part=generate]');
    const created = await until(() => this.events.find((event) => event.name === 'cover-created'));
    return (created.detail.job as Job).id;
  }

  named(name: CoverEventName) {
    return this.events.filter((event) => event.name === name).map((event) => event.detail);
  }

  /** The orders that the widget keeps in storage for this world; other tests share the origin. */
  stored(): string[] {
    return Object.entries(localStorage).flatMap(([name, text]) =>
      name.includes(this.base) && name.includes(':order:') ? [name + text] : [],
    );
  }

  async #post(path: string, body: unknown): Promise<void> {
    await fetch(`${this.base}/${path}`, { method: 'POST', body: JSON.stringify(body) });
  }
}

/** The change that finishes a job, with media of the double. */
export const finished = (base: string): Partial<Job> => ({
  status: 'completed',
  stage: 'done',
  progress: 100,
  video: {
    url: `${base}/media/clip.mp4`,
    downloadUrl: `${base}/media/clip.mp4?download=1`,
    posterUrl: `${base}/media/poster.jpg`,
    width: 960,
    height: 1280,
    seconds: 5.04,
    bytes: 2_000_000,
  },
});

/** The change that finishes a job that makes a picture. */
export const finishedPicture = (base: string): Partial<Job> => ({
  status: 'completed',
  stage: 'done',
  progress: 100,
  image: {
    url: `${base}/media/result.jpg`,
    downloadUrl: `${base}/media/result.jpg?download=1`,
    width: 1024,
    height: 1024,
    bytes: 900_000,
  },
});

/** The change that makes a job fail with a full refund. */
export const refused: Partial<Job> = {
  status: 'failed',
  progress: 50,
  refunded: true,
  error: { code: 'content_refused', message: 'Kling refused this picture or text. Try another picture.' },
  receipt: { quoted: 10, debited: 10, refunded: 10, reason: 'content_refused' },
};

/** A job of the past. */
export const pastJob = (base: string, number: number, change: Partial<Job> = {}): Job => ({
  id: `past-job-${number}`,
  kind: 'image-to-video',
  presetId: 'cover-3x4',
  status: 'completed',
  stage: 'done',
  progress: 100,
  tokensCost: 10,
  refunded: false,
  prompt: 'A smooth, cinematic product showcase',
  aspectRatio: '3:4',
  seconds: 5,
  source: { url: `${base}/media/source.jpg`, width: 900, height: 1200 },
  provider: 'kling',
  model: 'kling-v2-6',
  receipt: { quoted: 10, debited: 10, refunded: 0 },
  createdAt: new Date(Date.UTC(2026, 10, 19, 12, 60 - number)).toISOString(),
  updatedAt: new Date(Date.UTC(2026, 10, 19, 12, 60 - number)).toISOString(),
  ...finished(base),
  ...change,
});

/** Wraps a test: opens nothing yet, but always removes the element again. */
export const onPage = (test: (page: CoverPage) => Promise<void>) => async () => {
  const page = new CoverPage();
  try {
    await test(page);
  } finally {
    page.close();
  }
};

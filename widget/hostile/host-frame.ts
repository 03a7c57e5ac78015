/** Host pages of a realm of their own: what a test breaks there, it does not break for itself. */
import type { Job } from '../../server/contract.ts';
import type { KlingVideoCover } from '../element.ts';
import { pngFile, until } from '../testing/cover-page.ts';
import { allPresets } from '../testing/presets.ts';
import type { Levers, Seen } from '../testing/server-double.ts';

/** The frame's own globals; what a hostile page may overwrite. */
export type HostWindow = Window & typeof globalThis;

let worldCount = 0;

/** One page in a frame, with a world of its own on the server double. */
export class HostFrame {
  readonly world = `hostile-${Date.now().toString(36)}-${(worldCount += 1)}`;
  readonly base = `${location.origin}/double/${this.world}`;
  /** Script faults and breaches of the policy, in the order they came; must stay empty. */
  readonly faults: string[] = [];
  readonly #frame = document.createElement('iframe');
  #cover: KlingVideoCover | undefined;

  /** Opens the page without any script, unless the query asks for one. */
  async open(query: Record<string, string> = { bare: '' }): Promise<void> {
    await this.set({ presets: allPresets });
    this.#frame.src = `/strict/${this.world}/?${new URLSearchParams(query)}`;
    Object.assign(this.#frame.style, { width: '1000px', height: '800px' });
    document.body.append(this.#frame);
    await new Promise((resolve) => this.#frame.addEventListener('load', resolve));
    this.window.addEventListener('error', (event) => this.faults.push(event.message));
    this.window.addEventListener('unhandledrejection', (event) => this.faults.push(String(event.reason)));
    this.document.addEventListener('securitypolicyviolation', (event) => this.faults.push(event.violatedDirective));
  }

  close(): void {
    this.#frame.remove();
  }

  get window(): HostWindow {
    return this.#frame.contentWindow as HostWindow;
  }

  get document(): Document {
    return this.#frame.contentDocument!;
  }

  /** Loads a build; resolves when it has run. */
  async load(as: 'classic' | 'module' | 'esm' = 'classic', query = ''): Promise<void> {
    const script = this.document.createElement('script');
    if (as !== 'classic') script.type = 'module';
    script.src = `/strict/${this.world}/widget/kling-video-cover${as === 'esm' ? '.esm' : ''}.js${query}`;
    const loaded = new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }));
    this.document.head.append(script);
    await loaded;
  }

  /** A new element, not yet on the page. */
  make(attributes: Record<string, string> = {}): KlingVideoCover {
    const cover = this.document.createElement('kling-video-cover');
    const all = { server: this.base, 'token-url': `${this.base}/token`, lang: 'ru', ...attributes };
    for (const [name, value] of Object.entries(all)) cover.setAttribute(name, value);
    return (this.#cover = cover);
  }

  /** Puts an element on the page and waits until the seller could work with it. */
  async add(attributes: Record<string, string> = {}, parent: ParentNode = this.document.body): Promise<void> {
    parent.append(this.make(attributes));
    await this.ready();
  }

  async ready(): Promise<void> {
    await until(() => this.find('.balance'));
  }

  get cover(): KlingVideoCover {
    return (this.#cover ??= this.document.querySelector('kling-video-cover')!);
  }

  find<E extends HTMLElement = HTMLElement>(selector: string): E | null {
    return this.cover.shadowRoot?.querySelector<E>(selector) ?? null;
  }

  async press(selector: string): Promise<void> {
    (await until(() => this.find(selector))).click();
    await this.cover.updateComplete;
  }

  /** As a person would, in the dialog of the browser. */
  async pick(picker: string, count = 1, { width, height } = { width: 900, height: 1200 }): Promise<void> {
    const transfer = new DataTransfer();
    for (let at = 0; at < count; at += 1) transfer.items.add(await pngFile(width, height, `p${at}.png`));
    const input = await until(() => this.find<HTMLInputElement>(picker));
    input.files = transfer.files;
    input.dispatchEvent(new Event('change'));
  }

  async choosePicture(): Promise<void> {
    await this.pick('.picker');
    await until(() => this.find('.stage'));
  }

  /** From a picture to a job under way, as the server has it. */
  async order(): Promise<Job> {
    await this.choosePicture();
    await this.press('[part=generate]');
    await until(() => this.find('.detail'));
    return until(async () => (await this.jobs())[0]);
  }

  async set(levers: Levers): Promise<void> {
    await this.#post('~set', levers);
  }

  async move(id: string, change: Partial<Job>): Promise<void> {
    await this.#post('~job', { id, ...change });
  }

  async seen(method: string, path: string): Promise<Seen[]> {
    const all = (await (await this.#post('~seen', {})).json()) as Seen[];
    return all.filter((one) => one.method === method && one.path === path);
  }

  async jobs(): Promise<Job[]> {
    const { token } = (await (await fetch(`${this.base}/token`)).json()) as { token: string };
    const answer = await fetch(`${this.base}/v1/jobs`, { headers: { authorization: `Bearer ${token}` } });
    return ((await answer.json()) as { items: Job[] }).items;
  }

  #post(path: string, body: unknown): Promise<Response> {
    return fetch(`${this.base}/${path}`, { method: 'POST', body: JSON.stringify(body) });
  }
}

/** Wraps a test: a bare page that is always removed again, and nothing may have gone wrong on it. */
export const onHost = (test: (host: HostFrame) => Promise<void>, query?: Record<string, string>) => async () => {
  const host = new HostFrame();
  try {
    await host.open(query);
    await test(host);
    if (host.faults.length > 0) throw new Error(`on the host page: ${host.faults.join('; ')}`);
  } finally {
    host.close();
  }
};

/** Making a job again from the same picture, with another preset or other words, and keeping the best. */
import { nothing } from 'lit';
import type { Job } from '../../../server/contract.ts';
import type { ApiError } from '../../api-error.ts';
import { isEnded } from '../../job-state.ts';
import type { Ordering } from '../../ordering.ts';
import type { ActionPlace, CardAction } from '../gallery/actions.ts';
import { glyphIcon } from '../gallery/icons.ts';
import { reasonAgainstWords } from '../kinds/kind-form.ts';
import type { ModeHost } from '../mode.ts';
import { Comparison } from './comparison.ts';
import { variantsPanel } from './variants-panel.ts';

const ofHosts = new WeakMap<ModeHost, VariantsAction>();

/** One for all galleries of a seller: there is one place for an unanswered order, so one that sends it. */
export function variantsOf(host: ModeHost): CardAction {
  const action = ofHosts.get(host) ?? new VariantsAction(host);
  ofHosts.set(host, action);
  return action;
}

class VariantsAction implements CardAction {
  readonly id = 'variants';
  readonly #host: ModeHost;
  readonly #ordering: Ordering;
  #shown: Comparison | undefined;

  constructor(host: ModeHost) {
    this.#host = host;
    this.#ordering = host.ordering('variant', {
      changed: () => host.requestUpdate(),
      created: () => this.#onCreated(),
      failed: (fault) => this.#fail(fault),
    });
    host.onJob((news) => this.#shown?.take(news));
  }

  label(): string {
    return this.#host.texts.variants.title;
  }

  icon() {
    return glyphIcon('variants');
  }

  isFor(job: Job): boolean {
    return isEnded(job) && this.#host.presetsOf(job.kind).length > 0;
  }

  run(job: Job, place: ActionPlace): void {
    this.#shown = new Comparison(this.#host, job);
    place.openPanel();
  }

  panel(job: Job, place: ActionPlace) {
    const shown = this.#shown;
    if (shown?.jobId !== job.id) return nothing;
    const send = () => this.#send(shown);
    return variantsPanel({ host: this.#host, shown, source: job.source, ordering: this.#ordering, place, send });
  }

  /** The server takes the picture and its frame from the root. */
  #send(shown: Comparison): void {
    const { draft } = shown;
    if (!draft.preset || this.#host.balance < draft.price || reasonAgainstWords(this.#host, draft)) return;
    shown.fault = undefined;
    void this.#ordering.place({
      picture: undefined,
      confirmSize: () => true,
      order: () => ({ ...draft.order(undefined), parentId: shown.rootId }),
    });
  }

  #onCreated(): void {
    this.#host.say(this.#host.texts.ordered);
  }

  /** An order of an earlier page has no panel to be explained in. */
  #fail(fault: ApiError): void {
    if (this.#shown) this.#shown.fault = fault;
    else this.#host.notify({ kind: 'error', text: this.#host.errorText(fault.code, fault.facts) });
    this.#host.requestUpdate();
  }
}

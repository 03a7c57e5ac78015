/** What can be done with a job beside playing, downloading, choosing and deleting: variants, sharing and the like. */
import type { nothing, TemplateResult } from 'lit';
import type { Job } from '../../../server/contract.ts';
import type { ModeHost } from '../mode.ts';
import { ShareAction } from '../share/share-action.ts';
import { variantsOf } from '../variants/variants-action.ts';

/** Where an action was called from. */
export interface ActionPlace {
  /** Shows the job larger, with the panel of this action; without a panel nothing is shown. */
  openPanel(): void;
  /** Closes the panel; the larger view stays. */
  closePanel(): void;
  /** Closes the larger view. */
  close(): void;
}

/**
 * One action on a card, and on the larger view of the job. Made once a gallery, so it may hold what it knows of jobs;
 * after a change of its own it calls `host.requestUpdate()`.
 */
export interface CardAction {
  /** Unlike all others, in lower case. */
  readonly id: string;
  /** In the seller's language; the name of a button. */
  label(job: Job): string;
  /** 24 × 24, with the class `icon`; see parts/icon.ts and gallery/icons.ts. */
  icon(job: Job): TemplateResult;
  isFor(job: Job): boolean;
  run(job: Job, place: ActionPlace): void;
  /** Stands in the larger view below the buttons while it is open. Whatever is to take the focus has `data-panel-focus`. */
  panel?(job: Job, place: ActionPlace): TemplateResult | typeof nothing;
}

/** The further actions of one gallery, in the order they are shown. */
export function extraActions(host: ModeHost): CardAction[] {
  return [variantsOf(host), new ShareAction(host)];
}

/** Shapes that columns hold as JSON, and words that they hold as text. */

/** A picture or clip in the blob store. */
export interface StoredPicture {
  key: string;
  width: number;
  height: number;
  bytes: number;
  contentType: string;
}

/** A finished picture or clip. */
export interface StoredResult extends StoredPicture {
  /** Lower-case hex of the bytes. */
  sha256: string;
  /** Set where the operator keeps no copy: the provider's own address, and when it ends. Nothing is under `key` then. */
  link?: { url: string; expiresAt: number };
}

export interface StoredClip extends StoredResult {
  seconds: number;
}

/** One more that a seller may choose, for so many tokens on top of the preset's price. */
export interface Choice<T> {
  value: T;
  extraTokens: number;
}

/** What a seller may choose in an order; the preset's own value is always among the choices. Left out: no choice. */
export interface PresetChoices {
  aspectRatios?: Choice<string>[];
  seconds?: Choice<number>[];
  modes?: Choice<string>[];
}

export type ProviderName = 'kling' | 'kie';
export type Titles = { ru: string; en: string; vi: string };

/** What a marketplace asks of a video cover, each with where it is written; null where nothing was found. */
export interface MarketplaceRules {
  marketplace: string;
  minSeconds: number | null;
  maxSeconds: number | null;
  maxBytes: number | null;
  /** Such as `mp4`; empty: any. */
  containers: string[];
  /** Such as `3:4`. */
  aspectRatio: string | null;
  /** A page or document and the date it was read. */
  source: string;
}

/** How many took about so long: pairs of a bucket of `store/took.ts` and its count, ascending. */
export type TookCounts = [bucket: number, jobs: number][];

export type OperatorRole = 'owner' | 'viewer';
export type HostEvent = 'job.completed' | 'job.failed' | 'balance.changed';
/** The test is sent by hand, to one endpoint. */
export type DeliveredEvent = HostEvent | 'webhook.test';

/** What a delivery keeps of its event; the message is made of it when it is sent. */
export interface DeliveryFacts {
  accountId?: string;
  jobId?: string;
  balance?: {
    entryId: string;
    balance: number;
    change: number;
    reason: LedgerKind;
    jobId?: string;
    reference?: string;
  };
}
export type LedgerKind = 'grant' | 'debit' | 'refund' | 'correction';

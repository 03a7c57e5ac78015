import type { Dispatcher } from 'undici';
import { createKlingAuth, type KlingCredentials } from './kling-auth.ts';
import { klingOrder } from './kling-bodies.ts';
import { createKlingSend, klingDefaultBaseUrl } from './kling-http.ts';
import { createKlingLegacy } from './kling-legacy.ts';
import { klingEndpoint, type KlingEndpoint } from './kling-models.ts';
import { createKlingNew } from './kling-new.ts';
import type { PictureRules, ProviderAccount, ProviderClient } from './provider.ts';

export interface KlingSettings {
  /** Stable name kept in job rows; the account for pictures is called after it, with `-images` at the end. */
  id: string;
  credentials: KlingCredentials;
  /** Clips at once, by the account's resource pack. */
  concurrency: number;
  /** Default: Kling's Singapore host. Keys and tasks belong to one region. */
  baseUrl?: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Default: a keep-alive agent of its own. The giver of a dispatcher closes it. */
  dispatcher?: Dispatcher;
}

/**
 * Kling's limits for a picture on the legacy paths: JPEG or PNG, 10 MB, sides from 300 px, ratio up to 2.5
 * (image-to-video page, captured 2026-06; the new paths take 50 MB). Whether base64 text or the file is measured is not
 * said, and neither is which megabyte: we stay 5 % below ten million bytes of file.
 */
export const klingPictureRules: PictureRules = {
  formats: ['jpeg', 'png'],
  maxBytes: 9_500_000,
  minSide: 300,
  maxRatio: 2.5,
};

/** Kling clears results after 30 days (vendor FAQ, read 2026-09-20). */
const klingRetentionMs = 30 * 24 * 3_600_000;

/** A standard pack of pictures has nine slots, one of clips twenty (resellers' lists, 2026). */
const standardPictureSlots = 9;

/** The name of the account that makes the pictures of these credentials. */
export const klingImagesId = (id: string): string => `${id}-images`;

/**
 * The two accounts of one set of Kling credentials, for clips and for pictures: packs, slots and an empty pack (1102) are
 * Kling's per product. Models of the new API need an API key; with a key pair there is no client for them (measured
 * 2026-09-20: 1002). Throws a TypeError when `baseUrl` is no URL.
 */
export function createKlingAccounts(settings: KlingSettings): [clips: ProviderAccount, pictures: ProviderAccount] {
  const { id, credentials, concurrency, baseUrl = klingDefaultBaseUrl, now, dispatcher } = settings;
  const auth = createKlingAuth(credentials, now);
  const send = createKlingSend({ baseUrl, auth, ...(dispatcher && { dispatcher }) });
  const clips: Clients = {
    image2video: createKlingLegacy(send, 'image2video'),
    text2video: createKlingLegacy(send, 'text2video'),
    ...('apiKey' in credentials && { new: createKlingNew(send) }),
  };
  const pictures: Clients = { pictures: createKlingLegacy(send, 'pictures') };
  return [
    accountOf(clips, { id, concurrency, baseUrl }),
    accountOf(pictures, {
      id: klingImagesId(id),
      concurrency: Math.min(concurrency, standardPictureSlots),
      baseUrl,
    }),
  ];
}

/** The account for clips alone. */
export function createKlingAccount(settings: KlingSettings): ProviderAccount {
  return createKlingAccounts(settings)[0];
}

type Clients = Partial<Record<KlingEndpoint, ProviderClient>>;

function accountOf(
  clients: Clients,
  { id, concurrency, baseUrl }: Required<Pick<KlingSettings, 'id' | 'concurrency' | 'baseUrl'>>,
): ProviderAccount {
  return {
    id,
    provider: 'kling',
    concurrency,
    pictureRules: klingPictureRules,
    resultRetentionMs: klingRetentionMs,
    clientFor: (sort) => {
      const endpoint = klingEndpoint(sort);
      return (endpoint && clients[endpoint]) ?? null;
    },
    describe: (request) => {
      const endpoint = klingEndpoint(request);
      if (!endpoint || !clients[endpoint]) return null;
      const { path, body } = klingOrder(endpoint, request);
      return { method: 'POST', address: `${baseUrl}${path}`, body };
    },
  };
}

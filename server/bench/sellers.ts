import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import sharp from 'sharp';
import { v7 } from 'uuid';
import { createDiskBlobs } from '../media/disk.ts';
import { createStore, type Store } from '../store/store.ts';
import type { Database } from '../store/database.ts';
import { request } from './load.ts';
import { shippedPreset } from './rows.ts';

/** The site whose sellers order. */
export const benchSite = {
  id: 'panel',
  issuer: 'panel',
  audience: 'covers',
  secret: 'the shared secret of the benchmark, long enough',
  apiKey: 'the-api-key-of-the-benchmark-0123456789',
};

/** A preset of each kind that is ordered: a cover of a picture, and a clip of words alone. */
export const benchPresets = { cover: 'video-cover', words: 'words' };

/** A seller with tokens and a picture. */
export interface BenchSeller {
  userId: string;
  accountId: string;
  uploadId: string;
}

const tokensEach = 1_000_000;
const atOnce = 100;

/** Adds sellers with tokens to a database that is closed afterwards; their pictures are rows that share one file. */
export async function addSellers(
  database: Database,
  { count, mediaFolder }: { count: number; mediaFolder: string },
): Promise<BenchSeller[]> {
  const store = createStore(database);
  const now = Date.now();
  const { id, issuer, audience } = benchSite;
  const site = { id, issuer, audience, name: id, sealedJwtSecret: 'x', jwksUrl: null, maxTokenSeconds: 900 };
  await store.sites.put({ ...site, origins: [], apiKeyHash: null }, now);
  const words = {
    ...shippedPreset,
    presetId: benchPresets.words,
    kind: 'text-to-video',
    aspectRatio: '9:16',
    position: 9,
  } as const;
  await store.presets.addMissing([{ ...shippedPreset, presetId: benchPresets.cover, position: 0 }, words], now);
  const picture = await putPicture(mediaFolder);
  const sellers: BenchSeller[] = [];
  while (sellers.length < count) {
    const some = Array.from({ length: Math.min(atOnce, count - sellers.length) }, (_, n) => sellers.length + n);
    sellers.push(...(await Promise.all(some.map((n) => addSeller(store, { userId: `shop-${n}`, picture, now })))));
  }
  await store.close();
  return sellers;
}

type PictureFile = Awaited<ReturnType<typeof putPicture>>;

async function addSeller(
  store: Store,
  { userId, picture, now }: { userId: string; picture: PictureFile; now: number },
): Promise<BenchSeller> {
  const accountId = await store.transaction(async (tx) => {
    const account = await store.accounts.ensureIn(tx, { siteId: benchSite.id, userId }, { id: v7(), now });
    const gift = { id: v7(), accountId: account.id, amount: tokensEach, reference: 'start', actor: 'host', now };
    await store.ledger.grant(tx, gift);
    return account.id;
  });
  const { id: uploadId } = await store.uploads.insert({ id: v7(), accountId, ...picture, createdAt: now });
  return { userId, accountId, uploadId };
}

async function putPicture(folder: string) {
  const [width, height] = [900, 1200];
  const path = join(folder, '..', 'picture.jpg');
  await sharp({ create: { width, height, channels: 3, background: '#b5651d' } })
    .jpeg()
    .toFile(path);
  const key = 'bench/uploads/picture.jpg';
  const blobs = await createDiskBlobs(folder);
  const kept = await blobs.put(key, createReadStream(path), { maxBytes: 1_000_000 });
  return { key, width, height, contentType: 'image/jpeg', ...kept };
}

/** A seller's token, good for a quarter of an hour. */
export function mintToken(userId: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { issuer, audience, secret } = benchSite;
  return new SignJWT({ iss: issuer, aud: audience, sub: userId, iat: now, exp: now + 900 })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}

/** An order of each seller, as it goes over the wire: a new one each time it is sent. */
export async function ordersOf(sellers: readonly BenchSeller[], preset: keyof typeof benchPresets): Promise<string[]> {
  const presetId = benchPresets[preset];
  return Promise.all(
    sellers.map(async ({ userId, uploadId }) => {
      const json = preset === 'cover' ? { presetId, uploadId } : { presetId, title: 'A mug' };
      const token = await mintToken(userId);
      return request('/v1/jobs', { method: 'POST', token, json, headers: { 'idempotency-key': '{id}' } });
    }),
  );
}

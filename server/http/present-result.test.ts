import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredResult } from '../store/schema.ts';
import { testJob } from '../store/testing.ts';
import { presentResult } from './present-result.ts';

const now = Date.UTC(2026, 10, 20, 12);
const file = { key: 'a/k/id-1.png', width: 768, height: 1024, bytes: 99, sha256: 'secret' };
const picture: StoredResult = { ...file, contentType: 'image/png' };
const clip = { ...file, key: 'a/k/id-1.mp4', contentType: 'video/mp4', seconds: 5.04 };
const still = { key: 'a/stills/id-1.jpg', width: 1, height: 1, bytes: 1, contentType: 'image/jpeg' };
const shown = {
  now,
  link: ({ key, contentType, fileName }: { key: string; contentType: string; fileName?: string }) =>
    `https://covers.example/media/${[key, contentType, fileName].join('|')}`,
  neutralPoster: (ratio: string) => `https://covers.example/posters/${ratio}`,
};
const job = (facts: Parameters<typeof testJob>[0]) =>
  testJob({ ...facts, id: '0199aaaa-0000-7000-8000-00001234abcd', aspectRatio: '3:4' });

describe('a finished job shows', () => {
  it('its picture under a signed address, with a name to save it by', () => {
    const row = job({ accountId: 'a', kind: 'text-to-image', image: picture });
    const url = 'https://covers.example/media/a/k/id-1.png|image/png|picture-1234abcd.png';
    const facts = { width: 768, height: 1024, bytes: 99 };
    assert.deepEqual(presentResult(row, shown), { image: { ...facts, url, downloadUrl: `${url}?download=1` } });
  });

  it('its clip with what was sent as poster, or a drawn one where nothing was sent', () => {
    const row = job({ accountId: 'a', kind: 'image-to-video', video: clip, still });
    const { video, image } = presentResult(row, shown);
    assert.equal(image, undefined);
    assert.deepEqual([video!.seconds, video!.posterUrl], [5.04, shown.link(still)]);
    assert.match(video!.url, /\|video-cover-1234abcd\.mp4$/);
    const drawn = presentResult({ ...row, kind: 'text-to-video', still: null }, shown);
    assert.equal(drawn.video!.posterUrl, 'https://covers.example/posters/3:4');
  });

  it('the provider’s own address where no copy is kept, and when that has ended', () => {
    const link = { url: 'https://cdn.example/x.png?sign=1', expiresAt: now };
    const row = job({ accountId: 'a', kind: 'text-to-image', image: { ...picture, link } });
    const at = (ms: number) => presentResult(row, { ...shown, now: ms }).image!;
    assert.deepEqual([at(now).url, at(now).downloadUrl], [link.url, link.url]);
    assert.deepEqual(
      [at(now).expiresAt, at(now).expired, at(now + 1).expired],
      ['2026-11-20T12:00:00.000Z', false, true],
    );
    assert.doesNotMatch(JSON.stringify(at(now)), /secret|a\/k\/id/, 'neither key nor digest leaves');
  });

  it('nothing before it is finished', () => {
    assert.deepEqual(presentResult(job({ accountId: 'a' }), shown), {});
  });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { embedCode } from './embed-code.ts';

const clip = {
  videoUrl: 'https://covers.example/s/abc/file',
  posterUrl: 'https://covers.example/s/abc/poster',
  width: 720,
  height: 960,
};

it('a shop gets a clip that is muted, looping and inline, and stands still for who asked for that', () => {
  const code = embedCode(clip);
  for (const word of ['muted', 'loop', 'autoplay', 'playsinline', `poster="${clip.posterUrl}"`])
    assert.match(code, new RegExp(`<video [^>]*${word}`), word);
  assert.match(code, /<source [^>]*media="\(prefers-reduced-motion: no-preference\)"/);
  assert.doesNotMatch(code, /<video [^>]*\bsrc=/, 'an address on the clip itself would play whatever was asked');
  assert.doesNotMatch(code, /<script|\son\w+=/);
});

it('a picture is a picture', () => {
  const { posterUrl, width, height } = clip;
  assert.match(embedCode({ posterUrl, width, height }), /^<img src="https:[^"]+" width="720" height="960"[^<]*>$/);
});

it('no address leaves its attribute', () => {
  const hostile = `https://x.example/"><script>alert('1')</script>&amp;`;
  const { width, height } = clip;
  for (const embedding of [
    { videoUrl: hostile, posterUrl: hostile, width, height },
    { posterUrl: hostile, width, height },
  ]) {
    const code = embedCode(embedding);
    assert.doesNotMatch(code, /<script|"><|&amp;/);
    assert.doesNotMatch(code, /'/);
  }
});

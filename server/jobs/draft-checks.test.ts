import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkDraft } from './draft-checks.ts';
import type { TryDraft } from './tryout.ts';

const draft: TryDraft = {
  kind: 'image-to-video',
  provider: 'kling',
  model: 'kling-v2-6',
  mode: 'std',
  seconds: 5,
  sound: false,
  aspectRatio: '3:4',
  prompt: 'Show {title}',
  negativePrompt: 'blur',
};
const mug = { title: 'Clay mug', description: '' };
const failing = (change: Partial<TryDraft>, order = mug) =>
  checkDraft({ ...draft, ...change }, order).flatMap(({ check, passes }) => (passes ? [] : [check]));

it('each limit of the provider is a check of its own', () => {
  assert.deepEqual(failing({}), []);
  assert.deepEqual(failing({ model: 'kling-v1' }), ['model']);
  assert.deepEqual(failing({ seconds: 7 }), ['seconds']);
  assert.deepEqual(failing({ sound: true }), ['sound']);
  assert.deepEqual(failing({ sound: true, mode: 'pro' }), []);
  assert.deepEqual(failing({ model: 'kling-3.0-turbo', mode: '720p' }), ['sound']);
  assert.deepEqual(failing({ kind: 'text-to-video' }), ['aspectRatio']);
  assert.deepEqual(failing({ prompt: 'of {brand}' }), ['variables']);
  assert.deepEqual(failing({ prompt: 'x'.repeat(2501) }), ['prompt']);
  assert.deepEqual(failing({ prompt: '{title}' }, { title: '', description: '' }), ['prompt']);
  assert.deepEqual(failing({ negativePrompt: 'x'.repeat(2501) }), ['negativePrompt']);
  assert.deepEqual(failing({ prompt: '{title}' }, { title: 'x'.repeat(9000), description: '' }), []);
});

it('each model has its own longest prompt, and values are shortened to it', () => {
  const kie = { provider: 'kie', model: 'kling-2.6/image-to-video', mode: '' } as const;
  assert.deepEqual(failing({ ...kie, prompt: 'x'.repeat(1000) }), []);
  assert.deepEqual(failing({ ...kie, prompt: 'x'.repeat(1001) }), ['prompt']);
  assert.deepEqual(failing({ ...kie, prompt: '{title}' }, { title: 'x'.repeat(2000), description: '' }), []);
});

it('a picture is checked for its shape, not for length or sound, and by a model that makes pictures', () => {
  const picture = { kind: 'text-to-image', model: 'kling-v3', mode: '1k', seconds: 0 } as const;
  const names = checkDraft({ ...draft, ...picture }, mug).map(({ check }) => check);
  assert.deepEqual(names, ['model', 'aspectRatio', 'variables', 'prompt', 'negativePrompt']);
  assert.deepEqual(failing(picture), []);
  assert.deepEqual(failing({ ...picture, aspectRatio: '4:5' }), ['aspectRatio']);
  assert.deepEqual(failing({ ...picture, mode: 'std' }), ['model']);
});

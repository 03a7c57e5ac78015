/** The preset the server double offers; apart from it, because tests in the browser read it too. */
import type { Preset } from '../../server/contract.ts';

/** The shipped cover: 5 seconds, 3:4, 10 tokens. */
export const videoPreset: Preset = {
  id: 'cover-3x4',
  kind: 'image-to-video',
  title: 'Видеообложка 3:4',
  model: 'Kling 2.6',
  seconds: 5,
  aspectRatio: '3:4',
  tokensCost: 10,
  limits: { minFrameWidth: 300, minFrameHeight: 400, maxPromptLength: 2500 },
};

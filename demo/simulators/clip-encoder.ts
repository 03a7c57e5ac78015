import encoderModule from 'h264-mp4-encoder';
import { cameraAt, drawFrame, readStill } from './clip-frames.ts';
import type { ClipSize } from './clip-frames.ts';
import { packClip } from './clip-packer.ts';

/** What to film: a JPEG or PNG (`null`: a plain drawn scene), the size, and the number of frames at the given rate. */
export type ClipOrder = ClipSize & {
  picture: Uint8Array | null;
  frameCount: number;
  framesPerSecond: number;
  /** A sound track on which nothing is to be heard; false. */
  sound?: boolean;
};

/**
 * Quantization 10 (best) … 51 and speed 0 (best) … 10. Tried on a speckled mug at 720 × 960, 121 frames:
 * 24 and 8 took 3.5 s for 1.6 MB, 24 and 10 took 2.1 s for 2.8 MB, 28 shows steps in soft shadows;
 * 26 and 9 take 2.3 s for 1.9 MB. The other two demo photos give 1.3 and 1.8 MB.
 */
const QUANTIZATION = 26;
const SPEED = 9;

/**
 * Makes an H.264 MP4 with its index in front. Blocks its thread for two to three seconds at 720 × 960,
 * and the encoder's module turns every unhandled rejection of its thread into an abort, so it belongs in a worker.
 * Throws when the picture cannot be decoded.
 */
export async function encodeClip(order: ClipOrder): Promise<Uint8Array> {
  const size = { width: order.width, height: order.height };
  const still = await readStill(order.picture, size);
  const encoder = await encoderModule.createH264MP4Encoder();
  encoder.width = size.width;
  encoder.height = size.height;
  encoder.frameRate = order.framesPerSecond;
  encoder.quantizationParameter = QUANTIZATION;
  encoder.speed = SPEED;
  encoder.groupOfPictures = order.framesPerSecond * 2;
  encoder.initialize();
  const frame = new Uint8Array((size.width * size.height * 3) / 2);
  for (let index = 0; index < order.frameCount; index += 1) {
    drawFrame(still, cameraAt(index / order.frameCount), { size, frame });
    encoder.addFrameYuv(frame);
  }
  encoder.finalize();
  const film = encoder.FS.readFile(encoder.outputFilename);
  encoder.FS.unlink(encoder.outputFilename);
  encoder.delete();
  return packClip(film, { sound: order.sound ?? false });
}

/** A real, very short H.264 clip, so that the player of the tests has something to play. */
import HME from 'h264-mp4-encoder';

let made: Promise<Uint8Array> | undefined;

/** The same 240 × 320 clip for every caller, encoded once. */
export const clip = (): Promise<Uint8Array> => (made ??= encode());

async function encode(): Promise<Uint8Array> {
  const encoder = await HME.createH264MP4Encoder();
  Object.assign(encoder, { width: 240, height: 320, frameRate: 10 });
  encoder.initialize();
  for (let frame = 0; frame < 10; frame += 1) {
    encoder.addFrameRgba(new Uint8Array(240 * 320 * 4).fill(frame * 20 + 40));
  }
  encoder.finalize();
  const bytes = encoder.FS.readFile(encoder.outputFilename);
  encoder.delete();
  return bytes;
}

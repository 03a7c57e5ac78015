import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';

const SAMPLE_RATE = 44_100;
const SAMPLES_PER_FRAME = 1024;

/** AAC-LC, 44.1 kHz, one channel (AudioSpecificConfig, ISO/IEC 14496-3 §1.6.2.1: 00010 0100 0001 000). */
const AUDIO_CONFIG = Uint8Array.of(0x12, 0x08);
/**
 * One frame of AAC-LC silence, written by hand (ISO/IEC 14496-3 §4.4.2): a single channel element (3 bits), tag (4),
 * global gain (8), a long window without any scale factor band (11), no pulse, noise shaping or gain control (3), END (111).
 */
const SILENCE = Uint8Array.of(0, 0, 0, 7);

/**
 * Packs the film anew: the encoder writes the index (`moov`) last, a player that streams the file wants it first.
 * `sound` adds a silent track of the film's length. Copies packets only.
 */
export async function packClip(film: Uint8Array, { sound }: { sound: boolean }): Promise<Uint8Array> {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(film) });
  const track = await input.getPrimaryVideoTrack();
  const decoderConfig = await track?.getDecoderConfig();
  if (!track || !decoderConfig) throw new Error('The clip came out empty.');
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const video = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(video);
  const audio = new EncodedAudioPacketSource('aac');
  if (sound) output.addAudioTrack(audio);
  await output.start();
  for await (const packet of new EncodedPacketSink(track).packets()) await video.add(packet, { decoderConfig });
  if (sound) await addSilence(audio, await track.computeDuration());
  await output.finalize();
  if (!target.buffer) throw new Error('The clip came out empty.');
  return new Uint8Array(target.buffer);
}

async function addSilence(audio: EncodedAudioPacketSource, seconds: number): Promise<void> {
  const decoderConfig = {
    codec: 'mp4a.40.2',
    sampleRate: SAMPLE_RATE,
    numberOfChannels: 1,
    description: AUDIO_CONFIG,
  };
  const frameSeconds = SAMPLES_PER_FRAME / SAMPLE_RATE;
  const frameCount = Math.round(seconds / frameSeconds);
  for (let index = 0; index < frameCount; index += 1) {
    await audio.add(new EncodedPacket(SILENCE, 'key', index * frameSeconds, frameSeconds), { decoderConfig });
  }
}

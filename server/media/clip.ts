import { open } from 'node:fs/promises';
import { EncodedPacketSink, FilePathSource, Input, MP4, QTFF, type InputVideoTrack } from 'mediabunny';
import { readBoxTypes } from './boxes.ts';

/** What a clip file really is, as a player would show it. */
export interface ClipFacts {
  /** Display size: rotation and pixel shape applied. */
  width: number;
  height: number;
  seconds: number;
  /** `avc`, `hevc`, `vp9`, `av1` … or `unknown`. */
  videoCodec: string;
  audioTracks: number;
  container: 'mp4' | 'mov';
}

/** What was promised for a clip. */
export interface ClipPromise {
  seconds: number;
  aspectRatio: { width: number; height: number };
  sound: boolean;
}

/**
 * Reads the facts of a clip by ranges, never the whole file. Null when it is not a whole MP4 or MOV with a picture track
 * whose first and last frame are there. Throws only when the file cannot be opened.
 */
export async function probeClip(path: string): Promise<ClipFacts | null> {
  const types = await boxTypesOf(path);
  if (!types || !isWhole(types)) return null;
  const source = new FilePathSource(path, { handleUnhandledError: () => {} });
  const input = new Input({ formats: [MP4, QTFF], source });
  try {
    const video = await input.getPrimaryVideoTrack();
    if (!video || !(await hasBothEnds(video))) return null;
    const facts: ClipFacts = {
      width: await video.getDisplayWidth(),
      height: await video.getDisplayHeight(),
      seconds: await input.computeDuration(),
      videoCodec: (await video.getCodec()) ?? 'unknown',
      audioTracks: (await input.getAudioTracks()).length,
      container: (await input.getFormat()) === MP4 ? 'mp4' : 'mov',
    };
    return facts.width > 0 && facts.height > 0 && facts.seconds > 0 ? facts : null;
  } catch {
    // The parser throws on whatever it cannot make sense of; for us all of that is one answer.
    return null;
  } finally {
    input.dispose();
  }
}

/**
 * What is wrong with a clip, in short English sentences for the admin; empty when all is as promised. Allowed: the ratio
 * within 2 %, half a second less or a second more, H.264 or H.265 in MP4. Sound must be there exactly when it was promised.
 */
export function checkClip(facts: ClipFacts, promise: ClipPromise): string[] {
  const { width, height } = promise.aspectRatio;
  const stretch = facts.width / facts.height / (width / height);
  const extraSeconds = facts.seconds - promise.seconds;
  const faults: [isWrong: boolean, reason: string][] = [
    [facts.container !== 'mp4', `the file is ${facts.container}, not mp4`],
    [!['avc', 'hevc'].includes(facts.videoCodec), `the codec is ${facts.videoCodec}, not H.264 or H.265`],
    [!(Math.abs(stretch - 1) <= 0.02), `the picture is ${facts.width}×${facts.height}, not ${width}:${height}`],
    [
      !(extraSeconds >= -0.5 && extraSeconds <= 1),
      `it lasts ${Number(facts.seconds.toFixed(2))} s, not ${promise.seconds} s`,
    ],
    [!promise.sound && facts.audioTracks > 0, 'it has a sound track, but was to be silent'],
    [promise.sound && facts.audioTracks === 0, 'it has no sound track, but was to have sound'],
  ];
  return faults.flatMap(([isWrong, reason]) => (isWrong ? [reason] : []));
}

async function boxTypesOf(path: string): Promise<string[] | null> {
  const file = await open(path);
  try {
    return await readBoxTypes(file);
  } finally {
    await file.close();
  }
}

/** A fragmented file cut between two fragments still fills its length: only its closing index shows that it is whole. */
function isWhole(types: string[]): boolean {
  const hasAll = types[0] === 'ftyp' && types.includes('moov') && types.includes('mdat');
  return hasAll && (!types.includes('moof') || types.at(-1) === 'mfra');
}

async function hasBothEnds(video: InputVideoTrack): Promise<boolean> {
  const packets = new EncodedPacketSink(video);
  const first = await packets.getFirstPacket();
  const last = await packets.getPacket(Infinity);
  return first?.type === 'key' && first.byteLength > 0 && last !== null && last.byteLength > 0;
}

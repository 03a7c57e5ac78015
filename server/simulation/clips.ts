import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeClip, type ClipFacts } from '../media/clip.ts';

/** What the simulated provider may deliver: what was ordered, another shape, a file cut in half, an error page, nothing. */
export type ClipKind = 'whole' | 'square' | 'cut' | 'page' | 'empty';

/** Real files of a few kilobytes, made once a process; the real probe runs on each of them once. */
export interface ClipFiles {
  bytes(kind: ClipKind, seconds: number): Buffer;
  /** The path of a real file with these bytes. */
  pathOf(bytes: Buffer): string;
  /** `probeClip`, asked once per file. */
  probe(path: string): Promise<ClipFacts | null>;
  remove(): void;
}

/** Where files cost no disk: shared memory when the system has it. */
export function fastFolder(prefix: string): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), prefix));
}

const framesPerSecond = 2;

/** Films the shapes and lengths that the simulated presets order. */
export async function makeClipFiles(lengths: number[]): Promise<ClipFiles> {
  const folder = fastFolder('kvc-clips-');
  const made = new Map<string, Buffer>();
  for (const seconds of lengths) {
    const whole = await film({ width: 48, height: 64, seconds });
    made.set(`whole-${seconds}`, whole);
    made.set(`cut-${seconds}`, whole.subarray(0, Math.floor(whole.length / 2)));
    made.set(`square-${seconds}`, await film({ width: 64, height: 64, seconds }));
    made.set(`page-${seconds}`, Buffer.from('<!doctype html><title>502 Bad Gateway</title>'));
    made.set(`empty-${seconds}`, Buffer.alloc(0));
  }
  const written = new Set<string>();
  const probed = new Map<string, Promise<ClipFacts | null>>();

  const files: ClipFiles = {
    bytes: (kind, seconds) => made.get(`${kind}-${seconds}`)!,
    pathOf(bytes) {
      const path = join(folder, `${createHash('sha256').update(bytes).digest('hex')}.mp4`);
      if (!written.has(path)) writeFileSync(path, bytes);
      written.add(path);
      return path;
    },
    probe(path) {
      let facts = probed.get(path);
      if (!facts) probed.set(path, (facts = probeClip(path)));
      return facts;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  // Real reading takes real time; done beforehand, it takes none in any world.
  for (const bytes of made.values()) await files.probe(files.pathOf(bytes));
  return files;
}

/** The encoder's loader also listens for faults of the whole process, and prints itself at each: that is taken back. */
async function loadEncoder() {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event as 'exit'));
  const { default: encoder } = await import('h264-mp4-encoder');
  for (const [index, event] of events.entries())
    for (const listener of process.rawListeners(event as 'exit'))
      if (!before[index]!.includes(listener)) process.off(event, listener as () => void);
  return encoder;
}

async function film({ width, height, seconds }: { width: number; height: number; seconds: number }): Promise<Buffer> {
  const encoder = await loadEncoder();
  const clip = await encoder.createH264MP4Encoder();
  Object.assign(clip, { width, height, frameRate: framesPerSecond, speed: 10 });
  clip.initialize();
  for (let index = 0; index < seconds * framesPerSecond; index++)
    clip.addFrameRgba(new Uint8Array(width * height * 4).fill(index * 9));
  clip.finalize();
  const bytes = Buffer.from(clip.FS.readFile(clip.outputFilename));
  clip.delete();
  return bytes;
}

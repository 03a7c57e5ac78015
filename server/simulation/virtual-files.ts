/**
 * What `media/disk.ts` sees in the simulator instead of `node:fs/promises` (see `disk.ts` beside this file): the calls
 * it makes, on files that know what of them would survive a power cut. Bytes survive once their file was synced, a name
 * once its folder was.
 */
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { here, type Travel } from './life.ts';
import type { Simulation } from './simulation.ts';

interface File {
  bytes: Buffer;
  syncedBytes: Buffer;
  bornAt: number;
}

interface Name {
  file: File;
  isDurable: boolean;
}

export interface VirtualFiles {
  /** Null when there is no such file. */
  read(path: string): { bytes: Buffer; isDurable: boolean } | null;
  paths(): string[];
  /** A file as it stands after long: synced, and so is its name. */
  place(path: string, bytes: Buffer): void;
  cutPower(): void;
}

interface Disk extends VirtualFiles {
  names: Map<string, Name>;
  simulation: Simulation;
  removing: (path: string) => void;
}

let disk: Disk;

/** A new empty disk, from now on the one that the functions below work on. */
export function useNewDisk(simulation: Simulation, removing: (path: string) => void): VirtualFiles {
  const names = new Map<string, Name>();
  disk = {
    names,
    simulation,
    removing,
    read(path) {
      const name = names.get(path);
      if (!name) return null;
      const { bytes, syncedBytes } = name.file;
      return { bytes, isDurable: name.isDurable && bytes.length === syncedBytes.length };
    },
    paths: () => [...names.keys()],
    place: (path, bytes) => names.set(path, { file: { bytes, syncedBytes: bytes, bornAt: 0 }, isDurable: true }),
    cutPower() {
      for (const [path, { file, isDurable }] of names) {
        if (file.bytes.length !== file.syncedBytes.length) simulation.count('unsynced bytes lost');
        file.bytes = file.syncedBytes;
        if (isDurable) continue;
        simulation.count('unsynced name lost');
        names.delete(path);
      }
    },
  };
  return disk;
}

/** A wait for the disk: here a process may die, and others go on meanwhile. */
function wait<T>(what: string, perform: () => T): Promise<T> {
  const { chance } = disk.simulation;
  const travel: Travel = { there: chance.between(1, 20), back: chance.between(0, 5) };
  return here().life.call(what, travel, perform);
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function found(path: string): Name {
  const name = disk.names.get(path);
  if (!name) throw fault('ENOENT');
  return name;
}

export async function mkdir(): Promise<void> {}

export async function readdir(folder: string): Promise<string[]> {
  const inside = `${folder}/`;
  return [...disk.names.keys()].filter((path) => path.startsWith(inside)).map((path) => path.slice(inside.length));
}

export async function stat(path: string): Promise<{ size: number; mtimeMs: number }> {
  const { file } = found(path);
  return { size: file.bytes.length, mtimeMs: file.bornAt };
}

export function link(from: string, to: string): Promise<void> {
  return wait('links a file', () => {
    if (disk.names.has(to)) throw fault('EEXIST');
    disk.names.set(to, { file: found(from).file, isDurable: false });
    disk.simulation.note(`published ${to}`);
  });
}

export function unlink(path: string): Promise<void> {
  return wait('unlinks a file', () => {
    found(path);
    disk.removing(path);
    disk.names.delete(path);
  });
}

export async function rm(path: string): Promise<void> {
  disk.names.delete(path);
}

/** Files are opened for writing with `wx`, for reading without a flag; a folder is opened to be synced. */
export async function open(path: string, flag?: string) {
  const { simulation, names } = disk;
  if (flag === 'wx') {
    if (names.has(path)) throw fault('EEXIST');
    const none = Buffer.alloc(0);
    names.set(path, { file: { bytes: none, syncedBytes: none, bornAt: simulation.timeline.now() }, isDurable: false });
  }
  const file = names.get(path)?.file;
  const isFolder = !file && !/\.[a-z0-9]+$/.test(path);
  if (!file && !isFolder) throw fault('ENOENT');
  return {
    stat: async () => ({ size: file!.bytes.length }),
    write: (bytes: Uint8Array) =>
      wait('writes a file', () => {
        if (simulation.strikes('disk full', simulation.swarm.diskFull)) throw fault('ENOSPC');
        file!.bytes = Buffer.concat([file!.bytes, bytes]);
        return { bytesWritten: bytes.length };
      }),
    sync: () =>
      wait(isFolder ? 'syncs a folder' : 'syncs a file', () => {
        if (file) file.syncedBytes = file.bytes;
        else for (const [at, name] of names) if (dirname(at) === path) name.isDurable = true;
      }),
    close: async () => {},
    createReadStream: () => Readable.from([file!.bytes]),
  };
}

/** The photos of a batch: read one after another into small pictures, uploaded one after another. */
import type { Preset, Upload, UploadLimits } from '../../../server/contract.ts';
import { asApiError, type ApiError } from '../../api-error.ts';
import { frameRules, isTooSmall, type Size } from '../../frame-geometry.ts';
import { readPicture } from '../../picture.ts';
import { pause } from '../../stream.ts';
import type { ModeHost } from '../mode.ts';

/** The most the server takes at once. */
export const mostPhotos = 50;
const thumbSide = 112;

/** One picked file. Of the picture only a small copy stays in memory. */
export interface Photo {
  file: File;
  size: Size | undefined;
  thumb: HTMLCanvasElement | undefined;
  /** Set once the server has the bytes. */
  upload: Upload | undefined;
  /** Why it is left out. */
  fault: ApiError | undefined;
}

/** A fault of one photo never stops the others. */
export class Photos {
  all: Photo[] = [];
  /** How many files were more than the server takes at once. */
  leftOut = 0;
  isReading = false;
  isUploading = false;
  /** Share of the photo on its way that has left, 0 to 1. */
  sentShare = 0;
  readonly #host: ModeHost;
  #uploading: AbortController | undefined;

  constructor(host: ModeHost) {
    this.#host = host;
  }

  /** Those that can be ordered in this shape. */
  usable(preset: Pick<Preset, 'aspectRatio' | 'limits'>): Photo[] {
    return this.all.filter((photo) => photo.size && !photo.fault && !isTooSmallFor(photo, preset));
  }

  async add(files: readonly File[]): Promise<void> {
    const room = Math.max(mostPhotos - this.all.length, 0);
    const made = files.slice(0, room).map((file): Photo => {
      return { file, size: undefined, thumb: undefined, upload: undefined, fault: undefined };
    });
    this.leftOut = files.length - made.length;
    this.all = [...this.all, ...made];
    this.isReading = true;
    this.#host.requestUpdate();
    for (const photo of made) {
      await read(photo, this.#host.session.upload);
      if (this.#host.signal.aborted) return;
      this.#host.requestUpdate();
    }
    this.isReading = this.all.some(({ size, fault }) => !size && !fault);
    this.#host.requestUpdate();
  }

  remove(photo: Photo): void {
    this.all = this.all.filter((other) => other !== photo);
    this.leftOut = 0;
    this.#host.requestUpdate();
  }

  clear(): void {
    this.cancel();
    this.all = [];
    this.leftOut = 0;
  }

  cancel(): void {
    this.#uploading?.abort();
  }

  /** Uploads those that are not yet there. Throws ApiError when it is not the photo's fault; cancelling is no fault. */
  async upload(photos: readonly Photo[]): Promise<void> {
    const uploading = (this.#uploading = new AbortController());
    const signal = AbortSignal.any([uploading.signal, this.#host.signal]);
    this.isUploading = true;
    window.addEventListener('beforeunload', askBeforeLeaving);
    try {
      for (const photo of photos) {
        if (signal.aborted) return;
        await this.#send(photo, signal);
        this.#host.requestUpdate();
      }
    } catch (fault) {
      if (!signal.aborted) throw fault;
    } finally {
      this.isUploading = false;
      window.removeEventListener('beforeunload', askBeforeLeaving);
      this.#host.requestUpdate();
    }
  }

  /** Waits where the server asks for patience: fifty at once may be more than a minute allows. */
  async #send(photo: Photo, signal: AbortSignal): Promise<void> {
    const progress = (share: number) => {
      this.sentShare = share;
      this.#host.requestUpdate();
    };
    progress(0);
    try {
      photo.upload ??= await this.#host.api.upload(photo.file, { progress, signal });
    } catch (thrown) {
      const fault = asApiError(thrown);
      if (fault.status === 429 && !signal.aborted) {
        await pause(Number(fault.facts.retryAfter ?? 10) * 1000, signal);
        return this.#send(photo, signal);
      }
      if (![413, 415, 422].includes(fault.status)) throw fault;
      photo.fault = fault;
    }
  }
}

/** Whether the photo is too small for the shape. */
export const isTooSmallFor = ({ size }: Photo, preset: Pick<Preset, 'aspectRatio' | 'limits'>): boolean =>
  size !== undefined && isTooSmall(frameRules(size, preset));

async function read(photo: Photo, limits: UploadLimits): Promise<void> {
  try {
    const { image, width, height, release } = await readPicture(photo.file, limits);
    const scale = thumbSide / Math.min(width, height);
    const side = (length: number) => Math.round(length * scale);
    const thumb = Object.assign(document.createElement('canvas'), { width: side(width), height: side(height) });
    thumb.getContext('2d')!.drawImage(image, 0, 0, thumb.width, thumb.height);
    release();
    Object.assign(photo, { size: { width, height }, thumb });
  } catch (fault) {
    photo.fault = asApiError(fault);
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

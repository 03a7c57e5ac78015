import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseDownload, sendDownload } from './file-sender.ts';
import type { Task, TaskStore } from './kling-tasks.ts';

/** Signs result addresses and serves them. */
export type ResultFiles = {
  /** The address of a finished task's MP4, good until `urlLifetimeMs` after the task ended. */
  urlFor(task: Task): string;
  /** Answers GET and HEAD, with Range; 403 for a wrong or expired signature. Returns the HTTP status, null if cut. */
  serve(exchange: { request: IncomingMessage; response: ServerResponse; url: URL }): Promise<number | null>;
};

type FileParts = { baseUrl: () => string; store: TaskStore; clock: () => number; urlLifetimeMs: number };

/** Result files of one simulator; the signing key lives as long as the process. */
export function createResultFiles(parts: FileParts): ResultFiles {
  const signingKey = randomBytes(32);
  const deadForNow = new WeakSet<Task>();
  const opened = new WeakSet<Task>();

  function sign(path: string, expiresAtMs: number): string {
    return createHmac('sha256', signingKey).update(`${path} ${expiresAtMs}`).digest('base64url');
  }

  return {
    urlFor(task) {
      if (task.markers.has('private-url')) return 'http://169.254.169.254/latest/meta-data/video.mp4';
      const expiresAtMs = expiry(task);
      const path = `/files/${task.id}/${task.videoId}.mp4`;
      return `${parts.baseUrl()}${path}?sig=${sign(path, expiresAtMs)}&expires=${expiresAtMs}`;
    },
    async serve({ request, response, url }) {
      const task = parts.store.findById(url.pathname.split('/')[2] ?? '');
      const expiresAtMs = Number(url.searchParams.get('expires'));
      const signed = url.searchParams.get('sig') === sign(url.pathname, expiresAtMs);
      if (task && signed && deadForNow.has(task)) opened.add(task);
      if (!task || !signed || expiresAtMs <= parts.clock()) return refuseDownload(response, 403);
      task.downloads += 1;
      const { markers, downloads } = task;
      return sendDownload(
        { request, response },
        { path: () => task.clipPath(), contentType: 'video/mp4', markers, downloads },
      );
    },
  };

  function expiry(task: Task): number {
    if (task.markers.has('expired-url') && !opened.has(task)) {
      deadForNow.add(task);
      return task.updatedAtMs - 1;
    }
    return task.updatedAtMs + parts.urlLifetimeMs;
  }
}

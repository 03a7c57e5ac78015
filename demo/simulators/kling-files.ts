import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseDownload, sendDownload } from './file-sender.ts';
import type { ResultFile, Task, TaskStore } from './kling-tasks.ts';

/** Signs result addresses and serves them. */
export type ResultFiles = {
  /** The addresses of a finished task's files in their order, good until `urlLifetimeMs` after the task ended. */
  urlsFor(task: Task): string[];
  /** Answers GET and HEAD, with Range; 403 for a wrong or expired signature. Returns the HTTP status, null if cut. */
  serve(exchange: { request: IncomingMessage; response: ServerResponse; url: URL }): Promise<number | null>;
};

const CONTENT_TYPES = { mp4: 'video/mp4', png: 'image/png' } as const;

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
    urlsFor(task) {
      const expiresAtMs = expiry(task);
      return task.results.map((result) => urlOf(task, { result, expiresAtMs }));
    },
    async serve({ request, response, url }) {
      const [, , taskId = '', fileName = ''] = url.pathname.split('/');
      const task = parts.store.findById(taskId);
      const result = task?.results.find((each) => nameOf(each) === fileName);
      const expiresAtMs = Number(url.searchParams.get('expires'));
      const signed = url.searchParams.get('sig') === sign(url.pathname, expiresAtMs);
      if (task && signed && deadForNow.has(task)) opened.add(task);
      if (!task || !result || !signed || expiresAtMs <= parts.clock()) return refuseDownload(response, 403);
      task.downloads += 1;
      const { markers, downloads } = task;
      return sendDownload(
        { request, response },
        { path: () => result.path(), contentType: CONTENT_TYPES[result.type], markers, downloads },
      );
    },
  };

  function urlOf(task: Task, { result, expiresAtMs }: { result: ResultFile; expiresAtMs: number }): string {
    if (task.markers.has('private-url')) return `http://169.254.169.254/latest/meta-data/result.${result.type}`;
    const path = `/files/${task.id}/${nameOf(result)}`;
    return `${parts.baseUrl()}${path}?sig=${sign(path, expiresAtMs)}&expires=${expiresAtMs}`;
  }

  function expiry(task: Task): number {
    if (task.markers.has('expired-url') && !opened.has(task)) {
      deadForNow.add(task);
      return task.updatedAtMs - 1;
    }
    return task.updatedAtMs + parts.urlLifetimeMs;
  }
}

function nameOf(result: ResultFile): string {
  return `${result.id}.${result.type}`;
}

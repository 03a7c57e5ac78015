import { randomBytes } from 'node:crypto';
import { KieRefusal } from './kie-answers.ts';
import type { KieTask, KieTaskStore } from './kie-tasks.ts';
import { refuseDownload, sendDownload } from './file-sender.ts';
import type { Exchange } from './simulator-http.ts';

/** Addresses of results, and what they serve. */
export type KieResultFiles = ReturnType<typeof createKieResultFiles>;

const DOWNLOAD_LINK_MS = 20 * 60_000;

/** Result files of one simulator; addresses carry no signature, only a name that nobody can guess, as live ones do. */
export function createKieResultFiles(parts: {
  baseUrl: () => string;
  store: KieTaskStore;
  clock: () => number;
  urlLifetimeMs: number;
}) {
  const links = new Map<string, { task: KieTask; expiresAtMs: number }>();

  function urlFor(task: KieTask): string {
    if (task.markers.has('private-url')) return 'http://169.254.169.254/latest/meta-data/result.mp4';
    return `${parts.baseUrl()}/result/${task.id}/${task.fileName}`;
  }

  function isExpired(task: KieTask): boolean {
    if (task.markers.has('expired-url') || task.markers.has('expired-always')) return true;
    return parts.clock() >= (task.completedAtMs ?? parts.clock()) + parts.urlLifetimeMs;
  }

  function send({ request, response }: Exchange, task: KieTask): Promise<number | null> {
    task.downloads += 1;
    const { markers, downloads, shape } = task;
    const path = () => task.filePath();
    return sendDownload({ request, response }, { path, contentType: shape.contentType, markers, downloads });
  }

  return {
    urlFor,
    /** A link of twenty minutes to a result of this account; KieRefusal 422 "url is wrong" (live) for all else. */
    downloadLink(url: unknown): string {
      const task = parts.store.oldestFirst().find((each) => urlFor(each) === url);
      if (!task) throw new KieRefusal(422, 'url is wrong');
      const name = randomBytes(16).toString('hex');
      const nowMs = parts.clock();
      for (const [known, link] of links) if (link.expiresAtMs <= nowMs) links.delete(known);
      links.set(name, { task, expiresAtMs: nowMs + DOWNLOAD_LINK_MS });
      return `${parts.baseUrl()}/download/${name}/${task.fileName}`;
    },
    /** `/result/{task}/{file}`; 404 for a wrong or expired address. */
    async serveResult(exchange: Exchange): Promise<number | null> {
      const task = parts.store.findById(exchange.captured[0] ?? '');
      if (!task || task.fileName !== exchange.captured[1] || isExpired(task))
        return refuseDownload(exchange.response, 404);
      return send(exchange, task);
    },
    /** `/download/{link}/{file}`; 404 once the link has expired. */
    async serveLink(exchange: Exchange): Promise<number | null> {
      const link = links.get(exchange.captured[0] ?? '');
      const isGood = link && link.expiresAtMs > parts.clock() && !link.task.markers.has('expired-always');
      return isGood ? send(exchange, link.task) : refuseDownload(exchange.response, 404);
    },
  };
}

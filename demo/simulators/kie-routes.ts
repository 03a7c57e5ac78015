import { KieRefusal } from './kie-answers.ts';
import { createOnOrder } from './kie-create.ts';
import type { KieResultFiles } from './kie-files.ts';
import { readCreate } from './kie-intent.ts';
import type { CreateRules } from './kie-intent.ts';
import { kieRecord, reportForQuery, unknownRecord } from './kie-records.ts';
import type { KieTask, KieTaskStore } from './kie-tasks.ts';
import type { Route } from './simulator-http.ts';

/** What the routes work with; `countPost` counts a create request and returns its number for that prompt. */
export type KieRouteParts = {
  store: KieTaskStore;
  files: KieResultFiles;
  rules: CreateRules;
  countPost: (prompt: string) => number;
  /** False from the create on that exceeds the account's rate, and the same for queries. */
  mayCreate: () => boolean;
  mayQuery: () => boolean;
  onCreate: (task: KieTask) => void;
};

/** The task endpoints, the balance and the results. */
export function kieRoutes(parts: KieRouteParts): Route[] {
  const { store, files, rules } = parts;
  return [
    {
      method: 'POST',
      pattern: /^\/api\/v1\/jobs\/createTask$/,
      access: 'api key',
      async handle({ entry, readFields }) {
        if (!parts.mayCreate()) throw new KieRefusal(429);
        const fields = await readFields();
        const input = fields['input'] as { prompt?: unknown } | null | undefined;
        const attempt = parts.countPost(String(input?.prompt ?? ''));
        const { answer, task } = createOnOrder(readCreate(fields, rules), { store, attempt });
        if (task) {
          entry.taskId = task.id;
          parts.onCreate(task);
        }
        return answer;
      },
    },
    {
      method: 'GET',
      pattern: /^\/api\/v1\/jobs\/recordInfo$/,
      access: 'api key',
      async handle({ entry, url }) {
        if (!parts.mayQuery()) throw new KieRefusal(429);
        const id = url.searchParams.get('taskId') ?? '';
        if (id === '') throw new KieRefusal(400, 'taskId parameter is required');
        const task = store.findById(id);
        if (!task) throw unknownRecord();
        entry.taskId = id;
        await store.settle(task);
        return { kind: 'success', data: kieRecord(task, reportForQuery(task, files.urlFor)) };
      },
    },
    {
      method: 'GET',
      pattern: /^\/api\/v1\/chat\/credit$/,
      access: 'api key',
      handle() {
        store.advance();
        return { kind: 'success', data: store.credits() };
      },
    },
    {
      method: 'POST',
      pattern: /^\/api\/v1\/common\/download-url$/,
      access: 'api key',
      async handle({ readFields }) {
        store.advance();
        return { kind: 'success', data: files.downloadLink((await readFields())['url']) };
      },
    },
    {
      method: 'GET',
      pattern: /^\/result\/([^/]+)\/([^/]+)$/,
      access: 'open',
      async handle(exchange) {
        store.advance();
        return { kind: 'sent', httpStatus: await files.serveResult(exchange) };
      },
    },
    {
      method: 'GET',
      pattern: /^\/download\/([^/]+)\/([^/]+)$/,
      access: 'open',
      handle: async (exchange) => ({ kind: 'sent', httpStatus: await files.serveLink(exchange) }),
    },
  ];
}

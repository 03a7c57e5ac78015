import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands where Kling stands and answers without any work of its own. */
export interface ProviderDouble {
  url: string;
  accessKey: string;
  secretKey: string;
  /** Calls so far. */
  calls: { submit: number; list: number; read: number };
  close(): Promise<void>;
}

interface DoubleParts {
  /** Tasks that go on for ever, oldest first. */
  taskIds?: readonly string[];
  /** Told of a task that is asked for, when its request has come in whole. */
  onSubmit?: (externalId: string) => void;
  /** Told of the tasks whose state is answered. */
  onLook?: (taskIds: readonly string[]) => void;
}

const listed = 500;

/** Speaks the legacy API as far as our server asks for it: create, one task, the newest tasks. */
export async function startProviderDouble({
  taskIds = [],
  onSubmit,
  onLook,
}: DoubleParts = {}): Promise<ProviderDouble> {
  const calls = { submit: 0, list: 0, read: 0 };
  const task = (id: string, externalId = `kvc-${id.replace('task-', '')}`) => ({
    task_id: id,
    task_status: 'processing',
    task_status_msg: '',
    task_info: { external_task_id: externalId },
    created_at: 1,
    updated_at: 1,
  });
  const newestFirst = taskIds.toReversed();
  const pages = Array.from({ length: Math.floor(taskIds.length / listed) + 1 }, (_, page) => {
    const ids = newestFirst.slice(page * listed, (page + 1) * listed);
    return { ids, body: JSON.stringify(succeeded(ids.map((id) => task(id)))) };
  });

  async function answerTo(request: IncomingMessage): Promise<string> {
    if (request.method === 'POST') {
      calls.submit += 1;
      const { external_task_id: externalId } = JSON.parse(await text(request)) as { external_task_id: string };
      onSubmit?.(externalId);
      return JSON.stringify(succeeded(task(`task-${calls.submit}-${Date.now()}`, externalId)));
    }
    const { pathname, searchParams } = new URL(request.url!, 'http://double');
    if (searchParams.has('pageNum')) {
      calls.list += 1;
      const { ids, body } = pages[Number(searchParams.get('pageNum')) - 1] ?? pages.at(-1)!;
      onLook?.(ids);
      return body;
    }
    calls.read += 1;
    const id = pathname.split('/').at(-1)!;
    onLook?.([id]);
    return JSON.stringify(succeeded(task(id)));
  }

  const server = createServer((request, response) => {
    void answerTo(request).then((body) => response.setHeader('content-type', 'application/json').end(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKey: 'double',
    secretKey: 'secret-key-of-the-double-of-32-letters',
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const succeeded = (found: object) => ({ code: 0, message: 'SUCCEED', request_id: 'double', data: found });

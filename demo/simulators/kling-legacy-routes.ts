import { countParameter } from './kling-fields.ts';
import { readImageCreate } from './kling-images.ts';
import type { Exchange, Route } from './simulator-http.ts';
import { legacyReceipt, legacyTask, readLegacyCreate } from './kling-legacy.ts';
import { currentReport, reportForQuery, unknownTask } from './kling-reports.ts';
import { countAttempt, create, noteTask } from './kling-route-parts.ts';
import type { RouteParts } from './kling-route-parts.ts';
import type { Task } from './kling-tasks.ts';

const FAMILIES = {
  'videos/image2video': 'image2video',
  'videos/text2video': 'text2video',
  'images/generations': 'image',
} as const;

/** The legacy endpoints of videos and pictures: create, query by either id, and the list without a total. */
export function legacyRoutes({ store, files, rules, countPost }: RouteParts): Route[] {
  const pattern = /^\/v1\/(videos\/image2video|videos\/text2video|images\/generations)$/;
  return [
    {
      method: 'POST',
      pattern,
      access: 'any key',
      async handle(exchange) {
        const fields = await exchange.readFields();
        const attempt = countAttempt(exchange, { fields, options: fields, countPost });
        const family = familyOf(exchange);
        const intent =
          family === 'image' ? await readImageCreate(fields, rules) : await readLegacyCreate(family, fields, rules);
        return create(exchange, { intent, store, attempt, receipt: legacyReceipt });
      },
    },
    {
      method: 'GET',
      pattern,
      access: 'any key',
      handle(exchange) {
        const { url } = exchange;
        const page = countParameter(url.searchParams, 'pageNum', { standard: 1, max: 1000 });
        const size = countParameter(url.searchParams, 'pageSize', { standard: 30, max: 500 });
        store.advance();
        const family = familyOf(exchange);
        const tasks = store.newestFirst().filter((task) => task.generation === 'legacy' && task.family === family);
        const shown = tasks.slice((page - 1) * size, page * size);
        return { kind: 'success', data: shown.map((task) => legacyTask(task, currentReport(task, files))) };
      },
    },
    {
      method: 'GET',
      pattern: /^\/v1\/(videos\/image2video|videos\/text2video|images\/generations)\/([^/]+)$/,
      access: 'any key',
      handle(exchange) {
        const name = exchange.captured[1]!;
        store.advance();
        const task = store.findById(name) ?? store.findByExternalId(name);
        if (!task || task.generation !== 'legacy' || task.family !== familyOf(exchange)) throw unknownTask(name);
        noteTask(exchange, task);
        const report = reportForQuery(task, files);
        if (!report) throw unknownTask(name);
        return { kind: 'success', data: legacyTask(task, report) };
      },
    },
  ];
}

function familyOf(exchange: Exchange): Task['family'] {
  return FAMILIES[exchange.captured[0] as keyof typeof FAMILIES];
}

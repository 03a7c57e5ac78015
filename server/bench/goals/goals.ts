import type { Goal } from '../goal.ts';
import { healthz } from './p01-healthz.ts';
import { jobRead } from './p02-job-read.ts';
import { ordersOnSqlite } from './p03-orders.ts';
import { ordersOnPostgres } from './p04-orders-postgres.ts';
import { readsBesideWrites } from './p04b-slow-disk.ts';
import { growth } from './p05-growth.ts';
import { uploads } from './p06-uploads.ts';
import { providerCalls } from './p07-provider-calls.ts';
import { manyOpenJobs } from './p08-open-jobs.ts';
import { eventStreams } from './p09-streams.ts';
import { callbackToWidget } from './p10-callback.ts';
import { orderToStart } from './p11-start.ts';
import { widgetBytes } from './p12-widget.ts';
import { stalls } from './p13-stalls.ts';

/** In the order of the table in facts/performance.md, section 10. The last one tells of all before it. */
export const goals: readonly Goal[] = [
  healthz,
  jobRead,
  ordersOnSqlite,
  ordersOnPostgres,
  readsBesideWrites,
  growth,
  uploads,
  providerCalls,
  manyOpenJobs,
  eventStreams,
  callbackToWidget,
  orderToStart,
  widgetBytes,
  stalls,
];

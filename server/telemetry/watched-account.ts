import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Histogram, type Registry } from 'prom-client';
import type { ProviderAccount, ProviderClient } from '../providers/provider.ts';

const ourPrefix = 'kvc-';

/**
 * The same account, whose calls are timed by account, call and outcome, and are spans where traces are collected. Neither
 * holds a word of what was sent or answered.
 */
export function createWatch(registry: Registry) {
  const tracer = trace.getTracer('providers');
  const calls = new Histogram({
    name: 'covers_provider_call_seconds',
    help: 'Calls to the services that make clips, by what was learned',
    labelNames: ['account', 'call', 'outcome'] as const,
    buckets: [0.05, 0.2, 1, 5, 20, 60],
    registers: [registry],
  });

  async function timed<Answer extends { outcome: string }>(
    { account, call, externalId }: { account: string; call: string; externalId?: string },
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const startedAt = performance.now();
    const span = tracer.startSpan(`${account} ${call}`, { kind: SpanKind.CLIENT });
    if (externalId?.startsWith(ourPrefix)) span.setAttribute('job.id', externalId.slice(ourPrefix.length));
    try {
      const answer = await ask();
      const { outcome } = answer;
      calls.observe({ account, call, outcome }, (performance.now() - startedAt) / 1000);
      span.setAttribute('outcome', outcome);
      if (outcome === 'unclear' || outcome === 'account-blocked') span.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    } finally {
      span.end();
    }
  }

  function watchedClient(account: string, client: ProviderClient): ProviderClient {
    const { listNewest } = client;
    return {
      submit: (request, signal) =>
        timed({ account, call: 'submit', externalId: request.externalId }, () => client.submit(request, signal)),
      findByExternalId: (externalId, signal) =>
        timed({ account, call: 'find', externalId }, () => client.findByExternalId(externalId, signal)),
      findByTaskId: (taskId, signal) => timed({ account, call: 'find' }, () => client.findByTaskId(taskId, signal)),
      ...(listNewest && {
        listNewest: (limit, signal) => timed({ account, call: 'list' }, () => listNewest.call(client, limit, signal)),
      }),
    };
  }

  return <Account extends ProviderAccount>(account: Account): Account => {
    const watched = new WeakMap<ProviderClient, ProviderClient>();
    return {
      ...account,
      clientFor(task) {
        const client = account.clientFor(task);
        if (!client) return null;
        if (!watched.has(client)) watched.set(client, watchedClient(account.id, client));
        return watched.get(client)!;
      },
    };
  };
}

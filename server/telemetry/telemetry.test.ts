/** The real process: what Prometheus reads of it, and what an OpenTelemetry collector gets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { startSite, type TestSite } from '../faults/server-process-testing.ts';

interface Span {
  name: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}
interface Export {
  resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[];
}

const secretWords = 'a teapot nobody may know of';
const exports: Export[] = [];
const collector = createServer(async (request, response) => {
  if (request.url === '/v1/traces') exports.push((await json(request)) as Export);
  response.end('{}');
});
const attributeOf = (span: Span, key: string) => span.attributes.find((one) => one.key === key)?.value.stringValue;

describe('a server that is watched', () => {
  let place: TestSite;
  let completedId: string;
  let page: string;
  before(async () => {
    await once(collector.listen(0, '127.0.0.1'), 'listening');
    const { port } = collector.address() as AddressInfo;
    place = await startSite();
    const server = await place.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_SERVICE_NAME: 'covers-of-the-test',
    });
    await place.grant(100, 'all');
    const uploadId = await place.uploaded();
    const { job } = await place.order(uploadId, { key: 'good', prompt: secretWords });
    completedId = job.id;
    const { job: bad } = await place.order(uploadId, { key: 'bad', prompt: '[[sim:fail]]' });
    const { job: open } = await place.order(uploadId, { key: 'open', prompt: '[[sim:never]]' });
    await place.when(job.id, ({ status }) => status === 'completed');
    await place.when(bad.id, ({ status }) => status === 'failed');
    await place.when(open.id, ({ stage }) => stage === 'generating');
    page = await (await place.call('/metrics')).text();
    const { code, said } = await server.signal('SIGINT');
    assert.equal(code, 0, said);
  });
  after(async () => {
    await place.close();
    collector.close();
  });

  it('counts what ended and how, what is open, and the slots that are used', () => {
    for (const line of [
      'covers_jobs_ended_total{kind="image-to-video",provider="kling",error=""} 1',
      'covers_jobs_ended_total{kind="image-to-video",provider="kling",error="content_refused"} 1',
      'covers_job_seconds_count{kind="image-to-video"} 1',
      'covers_open_jobs{stage="generating"} 1',
      'covers_provider_slots{account="kling"} 5',
      'covers_provider_slots_used{account="kling"} 1',
      'covers_provider_account_paused{account="kling"} 0',
      'covers_provider_call_seconds_count{account="kling",call="submit",outcome="accepted"} 3',
      'covers_ledger_sound 1',
      'covers_event_streams 0',
    ])
      assert.ok(page.includes(line), `${line}\nis missing in\n${page.replaceAll(/^(?!covers_).*\n/gm, '')}`);
    assert.match(page, /covers_oldest_open_job_seconds [\d.]+/);
  });

  it('has every metric that the dashboard and the alerts ask for', () => {
    const texts = ['alerts.yml', 'dashboard.json'].map((name) =>
      readFileSync(join(import.meta.dirname, '../operations', name), 'utf8'),
    );
    const asked = new Set(texts.join('\n').match(/\b(?:covers|http|nodejs|process)_[a-z0-9_]+/g));
    assert.ok(asked.size > 12, String(asked.size));
    const missing = [...asked].filter((name) => !new RegExp(`^${name}(?:\\{| )`, 'm').test(page));
    assert.deepEqual(missing, []);
  });

  it('sends spans of requests and of calls to the services, under its name, with the job’s id', () => {
    const [{ resource }] = exports[0]!.resourceSpans as [Export['resourceSpans'][0]];
    assert.equal(attributeOf(resource as unknown as Span, 'service.name'), 'covers-of-the-test');
    const spans = exports
      .flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans))
      .flatMap((scope) => scope.spans);
    assert.ok(spans.some(({ name }) => name === 'POST /v1/jobs'));
    const submit = spans.find((span) => span.name === 'kling submit' && attributeOf(span, 'job.id') === completedId);
    assert.equal(attributeOf(submit!, 'outcome'), 'accepted');
  });

  it('tells neither words of sellers nor tokens in them', () => {
    const said = JSON.stringify(exports) + page;
    for (const secret of [secretWords, place.settings.KLING_SECRET_KEY, place.settings.SITE_JWT_SECRET, 'eyJ'])
      assert.ok(!said.includes(secret), secret);
  });
});

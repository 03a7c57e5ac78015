import { trace } from '@opentelemetry/api';

type Environment = Record<string, string | undefined>;

/** Sends what is left and ends. */
export type StopTracing = () => Promise<void>;

/**
 * Sends spans to an OpenTelemetry collector by OTLP over HTTP when OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT names one and OTEL_SDK_DISABLED is not `true`; else nothing is loaded. Headers, time
 * limit, service name and sampler are those of the usual variables
 * (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables, read 2026-11-20). To be called before the
 * server is composed.
 */
export async function startTracing(env: Environment): Promise<StopTracing> {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!endpoint || env['OTEL_SDK_DISABLED'] === 'true') return async () => {};
  const [sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const own = resources.resourceFromAttributes({ 'service.name': 'kling-video-cover' });
  const detectors = [resources.envDetector, resources.serviceInstanceIdDetector];
  const provider = new sdk.TracerProvider({
    resource: resources.defaultResource().merge(own).merge(resources.detectResources({ detectors })),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
    sampler: samplerOf(env, sdk),
  });
  trace.setGlobalTracerProvider(provider);
  return () => provider.shutdown();
}

function samplerOf(env: Environment, sdk: typeof import('@opentelemetry/sdk-trace')) {
  const name = (env['OTEL_TRACES_SAMPLER'] ?? 'always_on').replace('parentbased_', '');
  const share = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 1);
  if (name === 'always_off') return new sdk.AlwaysOffSampler();
  if (name === 'traceidratio' && share >= 0 && share <= 1) return new sdk.TraceIdRatioBasedSampler(share);
  return new sdk.AlwaysOnSampler();
}

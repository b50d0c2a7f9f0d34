import { ProxyTracerProvider, trace } from '@opentelemetry/api';
import packageFile from '../../../../package.json' with { type: 'json' };
import { nameTraces } from './trace-ids.ts';

export interface TracingSettings {
  /** Base URL of the collector; null exports nothing. */
  otlpEndpoint: string | null;
  nodeEnv: string;
  role: string;
}

/**
 * Exports spans over OTLP/HTTP where a collector is configured; else spans have ids and nothing more. The SDK is loaded
 * only where it exports: it takes longer to load than the rest of the server. Nothing about this machine or its user goes
 * with the spans. Once a process.
 */
export async function startTracing({ otlpEndpoint, nodeEnv, role }: TracingSettings): Promise<void> {
  if (otlpEndpoint === null) return nameTraces();
  const [{ NodeSDK }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  new NodeSDK({
    resource: resourceFromAttributes({
      'service.name': 'backlogue',
      'service.version': packageFile.version,
      'deployment.environment.name': nodeEnv,
      'backlogue.role': role,
    }),
    autoDetectResources: false,
    traceExporter: new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces` }),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  }).start();
}

/** Longer than an export takes, far shorter than a stop may. */
const FLUSH_WITHIN_MS = 3_000;

/** To be awaited before the process ends, or its last seconds are missing. A collector that is away delays it little. */
export async function flushTraces(): Promise<void> {
  const provider = trace.getTracerProvider();
  const registered: unknown = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
  if (!canFlush(registered)) return;
  const tooLate = new Promise((resolve) => setTimeout(resolve, FLUSH_WITHIN_MS).unref());
  await Promise.race([registered.forceFlush().catch(() => undefined), tooLate]);
}

function canFlush(provider: unknown): provider is { forceFlush(): Promise<void> } {
  return typeof provider === 'object' && provider !== null && 'forceFlush' in provider;
}

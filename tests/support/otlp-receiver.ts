import { readBody, type createLoopback } from './loopback.ts';

export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  /** Milliseconds since 1970, with decimals. */
  startedAt: number;
  endedAt: number;
  /** As OTLP numbers it: 1 internal, 2 server, 3 client. */
  kind: number;
  attributes: Record<string, unknown>;
  events: string[];
  /** 2 is an error. */
  status: { code?: number; message?: string };
}

type WireValue = {
  stringValue?: string;
  intValue?: number;
  boolValue?: boolean;
  arrayValue?: { values: WireValue[] };
};
type WireAttributes = { key: string; value: WireValue }[];
interface WireSpan extends Omit<ReceivedSpan, 'attributes' | 'events' | 'startedAt' | 'endedAt'> {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: WireAttributes;
  events: { name: string }[];
}
interface WireExport {
  resourceSpans: { resource: { attributes: WireAttributes }; scopeSpans: { spans: WireSpan[] }[] }[];
}

/** A collector that speaks OTLP over HTTP, as JSON, and keeps what it gets. */
export async function startOtlpReceiver(loopback: ReturnType<typeof createLoopback>) {
  const exports: WireExport[] = [];
  const paths: string[] = [];
  const url = await loopback.serve(async (request, response) => {
    paths.push(`${request.method} ${request.url}`);
    exports.push(JSON.parse(await readBody(request)) as WireExport);
    response.setHeader('content-type', 'application/json').end('{}');
  });

  const spans = (): ReceivedSpan[] =>
    exports
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap((scope) => scope.spans)
      .map((span) => ({
        ...span,
        parentSpanId: span.parentSpanId ?? '',
        startedAt: Number(span.startTimeUnixNano) / 1e6,
        endedAt: Number(span.endTimeUnixNano) / 1e6,
        attributes: plain(span.attributes),
        events: span.events.map(({ name }) => name),
      }));
  return {
    url,
    paths,
    spans,
    resource: () => plain(exports[0]?.resourceSpans[0]?.resource.attributes ?? []),
    /** Everything that was sent, to look for what must not be in it. */
    text: () => JSON.stringify(exports),
    /** The names from the root down to a span. */
    pathTo(span: ReceivedSpan): string[] {
      const parent = spans().find(({ spanId }) => spanId === span.parentSpanId);
      return [...(parent ? this.pathTo(parent) : []), span.name];
    },
  };
}

function plain(attributes: WireAttributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue({ stringValue, intValue, boolValue, arrayValue }: WireValue): unknown {
  if (arrayValue) return arrayValue.values.map(plainValue);
  return stringValue ?? intValue ?? boolValue;
}

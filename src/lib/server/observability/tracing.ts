import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
} from '@opentelemetry/api';
import { AppError } from '../errors/app-error.ts';

interface SpanOptions {
  /** What the span is to the network: an incoming call, an outgoing one, or neither. */
  kind?: 'server' | 'client' | 'internal';
  /** Headers of an incoming call, whose trace goes on here. */
  incoming?: Record<string, string>;
  /** Begins a trace of its own, whatever it is started by. */
  root?: boolean;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

/**
 * Does `work` inside a span; what it starts becomes a child. A rejection is passed on, and leaves its code on the span
 * but never its words: the message of an unknown error may hold anything. Costs next to nothing without an exporter.
 */
export async function withSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T> | T,
  { kind = 'internal', incoming, root = false }: SpanOptions = {},
): Promise<T> {
  const parent = incoming ? propagation.extract(ROOT_CONTEXT, incoming) : context.active();
  const tracer = trace.getTracer('backlogue');
  return tracer.startActiveSpan(name, { kind: kinds[kind], attributes, root }, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * For work that answers for its own failure inside the span. A stop that somebody asked for is no fault of what was
 * stopped.
 */
export function markFailed(span: Span, error: unknown): void {
  const type = errorType(error);
  span.setAttribute('error.type', type);
  if (type !== 'AbortError' && type !== 'RunAborted')
    span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

function errorType(error: unknown): string {
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? error.constructor.name || error.name : typeof error;
}

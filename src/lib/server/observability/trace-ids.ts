import { randomUUID } from 'node:crypto';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

/**
 * Gives traces and spans their ids without keeping anything of them, for a process or thread that exports none: lines of
 * the log still name their trace, and calls out carry it on, marked as not recorded. Once a process and thread.
 */
export function nameTraces(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider({ getTracer: () => namingTracer });
}

const namingTracer: Tracer = { startSpan, startActiveSpan };

function startSpan(_name: string, { root }: SpanOptions = {}, parent: Context = context.active()): Span {
  const above = root ? undefined : trace.getSpanContext(parent);
  return trace.wrapSpanContext({
    traceId: above?.traceId ?? randomHex(),
    spanId: randomHex().slice(16),
    // Whoever began the trace decided whether it is recorded, and what comes after us may well do so.
    traceFlags: above?.traceFlags ?? TraceFlags.NONE,
    traceState: above?.traceState,
  });
}

/** 32 digits. Node keeps random bytes in stock for its UUIDs, which makes them far cheaper than bytes asked for one by one. */
function randomHex(): string {
  return randomUUID().replaceAll('-', '');
}

/** The interface allows options and context to be left out. */
function startActiveSpan<F extends (span: Span) => ReturnType<F>>(
  name: string,
  ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
): ReturnType<F> {
  const work = rest.at(-1) as F;
  const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
  const parent = rest.length > 2 ? (rest[1] as Context) : context.active();
  const span = startSpan(name, options, parent);
  return context.with(trace.setSpan(parent, span), work, undefined, span);
}

/** The headers with which the trace of the code that asks goes on elsewhere; empty outside of any. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Does work as a part of the trace that these headers carry. */
export function continueTrace<T>(headers: Record<string, string>, work: () => T): T {
  return context.with(propagation.extract(ROOT_CONTEXT, headers), work);
}

import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { DestinationStream, LevelWithSilent, Logger as PinoLogger } from 'pino';
import pino from 'pino';
import type { Redactor } from '../security/redaction.ts';
import { createRedactor } from '../security/redaction.ts';
import { correlation, type Correlation } from './correlation.ts';
import { serialiseError } from './serialise-error.ts';

export type Logger = PinoLogger;

interface LoggerOptions {
  level: LevelWithSilent;
  /** Standard output unless given. */
  destination?: DestinationStream;
  /** Shared with whoever learns secrets, so that they are known here too. */
  redactor?: Redactor;
}

/** Keys of every line, in this order, `null` where they say nothing. */
const LINE_KEYS = [
  'timestamp',
  'level',
  'message',
  'x_request_id',
  'trace_id',
  'span_id',
  'user_id',
  'route',
  'tool',
  'duration_ms',
  'outcome',
] as const;

/** JSON lines. Errors go under `err` with code, cause and stack. Redaction works on the finished line. */
export function createLogger({ level, destination, redactor = createRedactor() }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    messageKey: 'message',
    errorKey: 'err',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serialiseError },
    mixin: () => ({ ...namesOf(correlation()), ...activeSpan() }),
    hooks: { streamWrite: (line: string) => finishLine(line, redactor) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What is not known says nothing, so that a logger of its own may know it. */
function namesOf({ requestId, userId }: Correlation): Record<string, string> {
  return {
    ...(requestId === null ? {} : { x_request_id: requestId }),
    ...(userId === null ? {} : { user_id: userId }),
  };
}

function activeSpan(): Record<string, string> {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? { trace_id: context.traceId, span_id: context.spanId } : {};
}

/** One key once, in a fixed order, nothing secret. Nothing logs by the token, but every request does. */
function finishLine(line: string, redactor: Redactor): string {
  const fields = JSON.parse(line) as Record<string, unknown>;
  const named = Object.fromEntries(LINE_KEYS.map((key) => [key, fields[key] ?? null]));
  const all = { ...named, ...fields };
  const finished = JSON.stringify(all);
  return `${redactor.mayConcern(finished) ? JSON.stringify(redactor.redactValue(all)) : finished}\n`;
}

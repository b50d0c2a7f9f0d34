import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { DestinationStream, LevelWithSilent, Logger as PinoLogger } from 'pino';
import pino from 'pino';
import type { Redactor } from '../security/redaction.ts';
import { createRedactor } from '../security/redaction.ts';
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
    mixin: activeSpan,
    hooks: { streamWrite: (line: string) => finishLine(line, redactor) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function activeSpan(): Record<string, string> {
  const context = trace.getActiveSpan()?.spanContext();
  return context && isSpanContextValid(context) ? { trace_id: context.traceId, span_id: context.spanId } : {};
}

/** One key once, in a fixed order, nothing secret. A line costs some microseconds; nothing logs by the token. */
function finishLine(line: string, redactor: Redactor): string {
  const fields = JSON.parse(line) as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const key of LINE_KEYS) ordered[key] = fields[key] ?? null;
  return `${JSON.stringify(redactor.redactValue({ ...ordered, ...fields }))}\n`;
}

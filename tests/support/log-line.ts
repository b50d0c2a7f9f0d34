import { z } from 'zod';

const text = z.string().min(1).nullable();

/** What a logged error tells, and of its causes in turn. */
const loggedErrorSchema = z.object({
  type: z.string(),
  message: z.string(),
  code: z.string().nullable(),
  stack: z.string().nullable(),
  get cause() {
    return loggedErrorSchema.optional();
  },
});

/** One line of the product's log: these keys are on every line, others may follow. */
export const logLineSchema = z.looseObject({
  timestamp: z.iso.datetime(),
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
  message: z.string(),
  x_request_id: text,
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
  span_id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable(),
  user_id: text,
  route: text,
  tool: text,
  duration_ms: z.number().min(0).nullable(),
  outcome: text,
  err: loggedErrorSchema.optional(),
});

export type LogLine = z.infer<typeof logLineSchema>;

/** Every line of a log, parsed; throws at the first that is none, with its text. */
export function parseLog(log: string): LogLine[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = logLineSchema.safeParse(JSON.parse(line));
      if (parsed.success) return parsed.data;
      throw new Error(`${z.prettifyError(parsed.error)}\n${line}`);
    });
}

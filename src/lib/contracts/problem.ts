import { z } from 'zod';

/**
 * What a person is told when something did not work: on a form, in a socket ack, in a run event,
 * in a JSON endpoint. `message` says what happened and what was kept, `hint` what to do next.
 */
export const problemSchema = z.object({
  /** Stable and machine-readable, such as `jira_token_refused`. Never shown without its sentence. */
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  message: z.string().min(1),
  hint: z.string().optional(),
  /** Sentences beside form fields, by field name. */
  fields: z.record(z.string(), z.string()).optional(),
  /** To copy for the administrator: it finds the log lines. */
  requestId: z.string().optional(),
  /** Whether the same request may succeed when repeated unchanged. */
  retryable: z.boolean().default(false),
});
export type Problem = z.infer<typeof problemSchema>;

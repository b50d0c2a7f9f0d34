import { z } from 'zod';

/** A background job as its person sees it. Times are milliseconds since 1970, UTC. */
export const jobViewSchema = z.object({
  id: z.string(),
  type: z.string(),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  problem: z.string().nullable(),
  runAt: z.number().int(),
  createdAt: z.number().int(),
  startedAt: z.number().int().nullable(),
  endedAt: z.number().int().nullable(),
});
export type JobView = z.infer<typeof jobViewSchema>;

/** How long finished jobs can be looked up. */
export const jobsKeptForDays = 14;
/** A list shows no more at once; `before`, a job's id, asks for what is older. */
export const jobsPerPage = 100;
export const jobPageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(jobsPerPage).default(jobsPerPage),
  before: z.string().min(1).max(64).optional(),
});
export type JobPage = z.input<typeof jobPageSchema>;

import { z } from 'zod';

/** What a model's self-test looks at, in this order. */
export const modelChecks = ['identity', 'stream', 'clarify', 'draft', 'split', 'stop'] as const;

export const modelFindingSchema = z.object({
  check: z.enum(modelChecks),
  ok: z.boolean(),
  /** What was seen, or what is wrong and what to do about it. */
  sentence: z.string(),
});
export type ModelFinding = z.infer<typeof modelFindingSchema>;

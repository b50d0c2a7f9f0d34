import { z } from 'zod';

/** What calls of the model came to in one stretch of time. */
const usageSchema = z.object({
  calls: z.number().int(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** Time that was waited for the model, all calls together. */
  totalMs: z.number().int(),
  /** Some of the tokens were estimated, because the model did not say. */
  hasEstimates: z.boolean(),
});
export type Usage = z.infer<typeof usageSchema>;

/** Days and months begin at midnight UTC. */
export const usageViewSchema = z.object({
  today: usageSchema,
  month: usageSchema,
  /** Most tokens that each person may use in a day; null: no limit. */
  tokensPerDay: z.number().int().nullable(),
});
export type UsageView = z.infer<typeof usageViewSchema>;

import { z } from 'zod';

export const clarifyQuestionSchema = z.object({
  /** `A1`, `A2` ...: counted over the conversation, so that a criterion can cite the answer. */
  id: z.string(),
  question: z.string().min(1),
  /** What the answer would change. */
  why: z.string(),
  suggestions: z.array(z.string()).max(5),
});
export type ClarifyQuestion = z.infer<typeof clarifyQuestionSchema>;

export const clarifyAnswerSchema = z.object({
  questionId: z.string(),
  /** Null means skipped: the story states an assumption instead. */
  text: z.string().trim().min(1).max(4_000).nullable(),
});
export type ClarifyAnswer = z.infer<typeof clarifyAnswerSchema>;

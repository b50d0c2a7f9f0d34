import { z } from 'zod';

/** Why the model is called. Each has its own system prompt, body template and, if need be, endpoint. */
export const callTypes = [
  'understand',
  'clarify',
  'draft',
  'refine',
  'split',
  'repair',
  'converse',
  'summarise',
  'test',
  'whoami',
] as const;
export const callTypeSchema = z.enum(callTypes);
export type CallType = z.infer<typeof callTypeSchema>;

/** A reference such as `M1.2`, `S1.4`, `A1`, or `assumed`. Anything else counts as assumed: code resolves it. */
const ref = z.string().catch('assumed');
/** One criterion, also where a model names its text otherwise or leaves the object out. An empty one is null. */
const criterion = z.preprocess(
  (given) => {
    if (typeof given === 'string') return given.trim() === '' ? null : { text: given };
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
    const { text, criterion: named, description } = given as Record<string, unknown>;
    const words = text ?? named ?? description;
    return Object.keys(given).length === 0 || words === '' ? null : { ...given, text: words };
  },
  z
    .object({ text: z.string().min(1), source: ref }, { error: 'expected {"text": "...", "source": "..."}' })
    .nullable(),
);
/** A list that cannot be read is an error, and asked for again: taken for an empty one it would lose every criterion. */
const criteria = z.preprocess(
  (given) =>
    typeof given === 'string' ? given.split('\n').map((line) => line.replace(/^\s*[-*•]\s+/, '')) : given,
  z
    .array(criterion)
    .nullish()
    .transform((list) => (list ?? []).filter((one) => one !== null)),
);
const points = z.coerce.number().min(0).max(100).nullable().catch(null);
const labels = z.array(z.coerce.string()).catch([]);

export const understandAnswerSchema = z.object({
  intent: z.enum(['requirement', 'instruction', 'question', 'approval']),
  /** A short name for the conversation, for one that begins with a question. */
  title: z.string().optional().catch(undefined),
  /** The drafts (by their numbers in the prompt) that an instruction is about; empty means all. */
  drafts: z.array(z.coerce.number().int()).catch([]),
});
export type UnderstandAnswer = z.infer<typeof understandAnswerSchema>;

/** At most three questions, and none when no answer would change the draft. */
export const clarifyAnswersSchema = z.object({
  title: z.string().optional().catch(undefined),
  message: z.string().catch(''),
  questions: z
    .array(
      z.object({
        question: z.string().min(1),
        why: z.string().catch(''),
        suggestions: z.array(z.coerce.string()).catch([]),
      }),
    )
    .catch([]),
});

export const storyAnswerSchema = z.object({
  summary: z.string().min(1),
  issueType: z.string().catch('Story'),
  description: z.string().catch(''),
  acceptanceCriteria: criteria,
  stlcNotes: z
    .union([
      z.string(),
      z.array(z.string()).transform((lines) => lines.map((line) => `- ${line}`).join('\n')),
    ])
    .catch(''),
  storyPoints: points,
  labels,
});
export type StoryAnswer = z.infer<typeof storyAnswerSchema>;

/** A story written anew. What the model leaves out stays as it was: absent is not empty. */
export const storyRewriteSchema = storyAnswerSchema.partial();
export type StoryRewrite = z.infer<typeof storyRewriteSchema>;

/** `message` comes first so that it streams first. */
export const draftAnswerSchema = z.object({
  message: z.string().catch(''),
  stories: z.array(storyAnswerSchema).min(1),
});

/** Each story carries the number that its draft had in the prompt; a story without one is new, and whole. */
export const refineAnswerSchema = z.object({
  message: z.string().catch(''),
  stories: z.array(
    z.union([
      storyRewriteSchema.extend({ number: z.coerce.number().int().positive() }),
      storyAnswerSchema.transform((story) => ({ ...story, number: null })),
    ]),
  ),
});

/** `criteria` are the 1-based numbers of the parent's criteria that the child takes over. */
export const splitAnswerSchema = z.object({
  message: z.string().catch(''),
  children: z
    .array(
      z.object({
        summary: z.string().min(1),
        description: z.string().catch(''),
        criteria: z.array(z.coerce.number().int()).catch([]),
        stlcNotes: z.string().catch(''),
        storyPoints: points,
        labels,
      }),
    )
    .min(1),
});
export type SplitAnswer = z.infer<typeof splitAnswerSchema>;

export const repairAnswerSchema = z.object({ story: storyRewriteSchema });

import { z } from 'zod';
import { callTypes } from '../model-answer.ts';
import { storyFormatKindSchema } from '../story.ts';

/** Placeholders that templates may use. An unknown one is an error at load, not at call. */
export const payloadPlaceholders = [
  'system',
  'prompt',
  'messages',
  'model',
  'temperature',
  'maxTokens',
  'callType',
  'stream',
  'requestId',
  'employeeId',
  'conversationId',
] as const;
export const headerPlaceholders = [
  'credential',
  'requestId',
  'traceparent',
  'callType',
  'employeeId',
  'model',
] as const;

type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
const jsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(jsonValue),
    z.record(z.string(), jsonValue),
  ]),
);

/** `config/header.json`: headers of every call to the model. `{{credential}}` is the person's cookie value or key. */
export const headerFileSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  headers: z.record(z.string(), z.string()).describe('Header names and value templates.'),
});
export type HeaderFile = z.infer<typeof headerFileSchema>;

/**
 * `config/payload.json`: a body template for each call type. A value that is one placeholder alone takes the
 * placeholder's own type (`"{{messages}}"` becomes an array); inside longer text it becomes text.
 */
export const payloadFileSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  default: jsonValue.describe('For every call type without one of its own.'),
  ...Object.fromEntries(callTypes.map((type) => [type, jsonValue.optional().describe(`Body for ${type}.`)])),
} as { $schema: z.ZodOptional<z.ZodString>; default: z.ZodType<JsonValue> } & Record<
  (typeof callTypes)[number],
  z.ZodOptional<z.ZodType<JsonValue>>
>);
export type PayloadFile = z.infer<typeof payloadFileSchema>;

export const storyFormatSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Stable name.'),
  name: z.string().min(1).max(60).describe('Shown to people.'),
  kind: storyFormatKindSchema.describe('classic, bdd or custom.'),
  instructions: z.string().max(4_000).describe('How the description is written, told to the model.'),
  sections: z
    .array(z.string().min(1).max(60))
    .default([])
    .describe('custom: the named sections of the template.'),
});
export type StoryFormat = z.infer<typeof storyFormatSchema>;

export const customPromptSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Stable name.'),
  name: z.string().min(1).max(60).describe('Shown to people.'),
  text: z.string().min(1).max(4_000).describe('Added to what the model is told.'),
});
export type CustomPrompt = z.infer<typeof customPromptSchema>;

/** `config/prompts.json`: what the model is told. */
export const promptsFileSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  systemInstructions: z.string().min(1).describe('Stands before every system prompt.'),
  systemPrompts: z
    .strictObject({
      understand: z.string().describe('Tells a requirement from an instruction, a question and an approval.'),
      clarify: z.string().describe('Asks what must be known before drafting.'),
      draft: z.string().describe('Writes stories.'),
      refine: z.string().describe('Changes drafts by instruction.'),
      split: z.string().describe('Divides a story that is too large.'),
      repair: z.string().describe('Mends what breaks a rule or could not be read.'),
      converse: z.string().describe('Answers a question in prose.'),
      summarise: z.string().describe('Shortens older turns.'),
      test: z.string().describe('Answers the connection test.'),
    })
    .describe('One system prompt a call type.'),
  customPrompts: z.array(customPromptSchema).default([]).describe('Prompts that people can choose.'),
  storyFormats: z.array(storyFormatSchema).min(1).describe('Formats that people can choose.'),
});
export type PromptsFile = z.infer<typeof promptsFileSchema>;

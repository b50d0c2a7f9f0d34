import { z } from 'zod';
import { issueKeyPattern } from './plain-values.ts';
import { problemSchema } from './problem.ts';

export const storyFormatKinds = ['classic', 'bdd', 'custom'] as const;
export const storyFormatKindSchema = z.enum(storyFormatKinds);
export type StoryFormatKind = z.infer<typeof storyFormatKindSchema>;

/** A Jira project key, as Jira's default pattern has it. */
export const projectKeySchema = z.string().regex(/^[A-Z][A-Z0-9_]{1,19}$/, 'A project key looks like DEMO.');
export const issueKeySchema = z.string().regex(issueKeyPattern, 'An issue key looks like DEMO-12.');

/**
 * Where a criterion comes from. `ref` addresses a numbered sentence or paragraph: `M2.1` is sentence 1 of the
 * person's 2nd message, `S1.4` paragraph 4 of source 1, `A3` the 3rd answered question. `quote` is the text that
 * the reference resolved to, filled in by code and never by the model.
 */
export const criterionSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), ref: z.string(), quote: z.string() }),
  z.object({
    kind: z.literal('page'),
    ref: z.string(),
    quote: z.string(),
    title: z.string(),
    url: z.string().optional(),
  }),
  z.object({ kind: z.literal('answer'), ref: z.string(), quote: z.string() }),
  z.object({ kind: z.literal('edit'), quote: z.string() }),
  z.object({ kind: z.literal('assumption'), quote: z.string() }),
]);
export type CriterionSource = z.infer<typeof criterionSourceSchema>;

export const criterionSchema = z.object({
  /** Stable over versions and splits: conservation is checked on it. */
  id: z.string().min(1),
  text: z.string().min(1).max(2_000),
  source: criterionSourceSchema,
});
export type Criterion = z.infer<typeof criterionSchema>;

/** What one version of a story draft says. Texts are Markdown; the tracker's markup is made when it is posted. */
export const storyContentSchema = z.object({
  schemaVersion: z.literal(1),
  issueType: z.string().min(1).max(60),
  epicKey: issueKeySchema.nullable(),
  summary: z.string().max(1_000),
  format: storyFormatKindSchema,
  /** The story itself: as a / I want / so that; Given / When / Then; or the template's named sections. */
  description: z.string().max(30_000),
  acceptanceCriteria: z.array(criterionSchema).max(60),
  /** How it is tested (STLC: software testing life cycle). */
  stlcNotes: z.string().max(10_000),
  storyPoints: z.number().min(0).max(100).nullable(),
  labels: z.array(z.string().regex(/^\S{1,255}$/, 'A Jira label has no spaces.')).max(30),
});
export type StoryContent = z.infer<typeof storyContentSchema>;

/** The parts of a story that a person edits in place. */
export const storyEditSchema = storyContentSchema
  .omit({ schemaVersion: true, format: true, acceptanceCriteria: true })
  .extend({
    acceptanceCriteria: z
      .array(z.object({ id: z.string().optional(), text: z.string().trim().min(1).max(2_000) }))
      .max(60),
  })
  .partial();
export type StoryEdit = z.infer<typeof storyEditSchema>;

/** One rule's word on one draft. */
export const ruleResultSchema = z.object({
  ruleId: z.string(),
  /** The rule's name for people, such as "Story points". */
  name: z.string(),
  outcome: z.enum(['ok', 'advice', 'violation', 'bypassed']),
  /** Short enough for a mark on the card: "points 3 of 3", "summary 44/150". */
  mark: z.string(),
  field: z.string().optional(),
  /** What is wrong and how to mend it. Absent when `ok`. */
  message: z.string().optional(),
});
export type RuleResult = z.infer<typeof ruleResultSchema>;

/** A field that Jira's create screen requires and that the draft does not fill. */
export const missingFieldSchema = z.object({
  fieldId: z.string(),
  name: z.string(),
  kind: z.enum(['text', 'number', 'select', 'multiselect', 'user', 'date']),
  options: z.array(z.object({ id: z.string(), label: z.string() })),
});
export type MissingField = z.infer<typeof missingFieldSchema>;

/** A value for a field of the create screen that no draft carries, in the shape that Jira's REST API takes. */
export const extraFieldsSchema = z.record(
  z.string(),
  z.union([
    z.string().max(5_000),
    z.number(),
    z.object({ id: z.string() }),
    z.array(z.object({ id: z.string() })),
  ]),
);
export type ExtraFields = z.infer<typeof extraFieldsSchema>;

/**
 * What will be posted: the very arguments of the create call. `hash` is the SHA-256 of their canonical JSON, hex;
 * an approval binds it, so what is sent is what was shown.
 */
export const postingSchema = z.object({
  projectKey: projectKeySchema,
  issueType: z.string(),
  summary: z.string(),
  /** Jira wiki markup, or Markdown where the create tool turns that into markup itself. */
  description: z.string(),
  labels: z.array(z.string()),
  storyPoints: z.number().nullable(),
  epicKey: issueKeySchema.nullable(),
  extraFields: extraFieldsSchema,
  /** `blg-<ulid>`, minted with the draft version. It finds the issue again after an unknown outcome. */
  markerLabel: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Sentences about what cannot be posted as drafted ("OPS has no story points on its create screen"). */
  notes: z.array(z.string()),
  missingFields: z.array(missingFieldSchema),
  /** Required fields that are filled with what the person gave last time in this project, for this type. */
  rememberedFields: z.array(missingFieldSchema).default([]),
});
export type Posting = z.infer<typeof postingSchema>;

export const similarIssueSchema = z.object({
  key: issueKeySchema,
  url: z.string(),
  summary: z.string(),
  status: z.string(),
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  /** The words that both share. */
  why: z.string(),
});
export type SimilarIssue = z.infer<typeof similarIssueSchema>;

/** A place where a revision and the person's edit differ. The draft holds the person's words until they choose. */
export const draftConflictSchema = z.object({
  id: z.string().min(1),
  part: z.enum([
    'issueType',
    'epicKey',
    'summary',
    'storyPoints',
    'description',
    'stlcNotes',
    'acceptanceCriteria',
  ]),
  /** Lines (or criteria, or the one value) as the person has them; empty where they took them out. */
  mine: z.array(z.string()),
  /** The same place as the agent would have it; empty where it would take it out. */
  theirs: z.array(z.string()),
  /** Where `mine` stood, as an index of lines. */
  at: z.number().int().min(0),
  /** The agent's criteria with their sources; empty for other parts. */
  criteria: z.array(criterionSchema),
});
export type DraftConflict = z.infer<typeof draftConflictSchema>;

export const draftStatuses = [
  'proposed',
  'split',
  'approved',
  'sending',
  'created',
  'failed',
  'unknown',
  /** Its issue was created, and taken back by undoing the launch. */
  'undone',
  'discarded',
] as const;
export const draftStatusSchema = z.enum(draftStatuses);
export type DraftStatus = z.infer<typeof draftStatusSchema>;

/** A draft as every tab shows it: its newest version and what became of it. */
export const storyDraftSchema = z.object({
  id: z.string(),
  conversationId: z.string(),
  version: z.number().int().min(1),
  status: draftStatusSchema,
  /** The story that this one was split from. */
  parentId: z.string().nullable(),
  /** Order on the screen and, for split stories, of the work. */
  position: z.number().int(),
  author: z.enum(['agent', 'person']),
  content: storyContentSchema,
  rules: z.array(ruleResultSchema),
  posting: postingSchema.nullable(),
  similar: z.array(similarIssueSchema).default([]),
  conflicts: z.array(draftConflictSchema).default([]),
  issue: z.object({ key: issueKeySchema, url: z.string() }).nullable(),
  /** The creation intent that is open or has ended for this draft. */
  intentId: z.string().nullable(),
  problem: problemSchema.nullable(),
});
export type StoryDraft = z.infer<typeof storyDraftSchema>;

import { z } from 'zod';
import { jiraIssueSchema } from './jira-schemas.ts';

/** What happened to an issue after it was created, as far as the token may see it. */
export interface IssueHistory {
  key: string;
  /** Employee id; null where Jira hides it. */
  creator: string | null;
  labels: string[];
  description: string;
  /** Milliseconds since 1970, by Jira's clock; null where it did not say. */
  createdAt: number | null;
  updatedAt: number | null;
  comments: number;
  worklogs: number;
  attachments: number;
  /** Null where this Jira shows no change log. */
  changes: { by: string | null; fields: string[] }[] | null;
}

const counted = z
  .object({ total: z.number() })
  .nullish()
  .transform((all) => all?.total ?? 0);
const personSchema = z.object({ name: z.string().optional() }).nullish();

export const jiraHistorySchema = jiraIssueSchema.extend({
  fields: jiraIssueSchema.shape.fields.extend({
    creator: personSchema,
    comment: counted,
    worklog: counted,
    attachment: z.array(z.unknown()).nullish(),
  }),
  changelog: z
    .object({
      histories: z.array(z.object({ author: personSchema, items: z.array(z.object({ field: z.string() })) })),
    })
    .optional(),
});

/** The fields that the schema reads, for the `fields` parameter. */
export const historyFields = [
  'description',
  'labels',
  'created',
  'updated',
  'creator',
  'comment',
  'worklog',
  'attachment',
];

export function toHistory({ key, fields, changelog }: z.infer<typeof jiraHistorySchema>): IssueHistory {
  return {
    key,
    creator: fields.creator?.name ?? null,
    labels: fields.labels ?? [],
    description: fields.description ?? '',
    createdAt: timeOf(fields.created),
    updatedAt: timeOf(fields.updated),
    comments: fields.comment,
    worklogs: fields.worklog,
    attachments: fields.attachment?.length ?? 0,
    changes:
      changelog?.histories.map(({ author, items }) => ({
        by: author?.name ?? null,
        fields: items.map(({ field }) => field),
      })) ?? null,
  };
}

/** Jira writes `2026-01-31T10:00:00.000+0000`, without the colon that Date wants. */
function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse((text ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time) ? null : time;
}

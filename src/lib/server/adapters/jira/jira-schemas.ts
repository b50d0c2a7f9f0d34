import { z } from 'zod';

/**
 * The parts of Jira Data Center's REST v2 answers that we read. Everything else passes through unread: instances add
 * and leave out keys by version, by app and by permission.
 */

export const jiraMyselfSchema = z.object({
  /** Holds the instance's base URL, with its context path, before `/rest/api/`. */
  self: z.string(),
  key: z.string().optional(),
  /** The employee's sign-in name. */
  name: z.string().min(1),
  /** Hidden by some instances. */
  emailAddress: z
    .string()
    .nullish()
    .transform((email) => email ?? ''),
  displayName: z.string(),
  active: z.boolean(),
  deleted: z.boolean().default(false),
  avatarUrls: z.record(z.string(), z.string()).default({}),
  timeZone: z.string().optional(),
  locale: z.string().optional(),
});
export type JiraMyself = z.infer<typeof jiraMyselfSchema>;

/** In no context: whether the person has a permission in any project. */
export const jiraPermissionsSchema = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })),
});

export const jiraServerInfoSchema = z.object({
  baseUrl: z.string(),
  version: z.string(),
  deploymentType: z.string().default('Server'),
  serverTitle: z.string().default('Jira'),
});
export type JiraServerInfo = z.infer<typeof jiraServerInfoSchema>;

export const jiraProjectSchema = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  archived: z.boolean().default(false),
});
export type JiraProject = z.infer<typeof jiraProjectSchema>;

export const jiraIssueTypeSchema = z.object({
  id: z.string(),
  name: z.string(),
  subtask: z.boolean().default(false),
});
export type JiraIssueType = z.infer<typeof jiraIssueTypeSchema>;

const fieldTypeSchema = z.object({
  type: z.string(),
  items: z.string().optional(),
  /** The system field's name, such as `labels`. */
  system: z.string().optional(),
  /** The custom field's kind, such as `com.pyxis.greenhopper.jira:gh-epic-link`. */
  custom: z.string().optional(),
});

export const jiraFieldSchema = z.object({
  id: z.string(),
  name: z.string(),
  custom: z.boolean().default(false),
  schema: fieldTypeSchema.optional(),
});
export type JiraField = z.infer<typeof jiraFieldSchema>;

const allowedValueSchema = z.object({
  id: z.string(),
  /** Select options carry `value`, versions and components `name`. */
  name: z.string().optional(),
  value: z.string().optional(),
  disabled: z.boolean().optional(),
});

export const jiraCreateFieldSchema = z.object({
  fieldId: z.string(),
  name: z.string(),
  required: z.boolean(),
  hasDefaultValue: z.boolean().default(false),
  schema: fieldTypeSchema,
  allowedValues: z.array(allowedValueSchema).optional().catch(undefined),
});
export type JiraCreateField = z.infer<typeof jiraCreateFieldSchema>;

/** The paged form of createmeta since Jira 8.4. */
export function jiraPageSchema<T extends z.ZodType>(value: T) {
  return z.object({
    startAt: z.number().default(0),
    total: z.number().optional(),
    isLast: z.boolean().optional(),
    values: z.array(value),
  });
}

const linkedIssueSchema = z.object({ key: z.string() });

export const jiraLinkSchema = z.object({
  id: z.string(),
  type: z.object({ name: z.string(), inward: z.string().default(''), outward: z.string().default('') }),
  inwardIssue: linkedIssueSchema.optional(),
  outwardIssue: linkedIssueSchema.optional(),
});
export type JiraLink = z.infer<typeof jiraLinkSchema>;

export const jiraIssueSchema = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({
    summary: z.string().nullish(),
    description: z.string().nullish(),
    status: z.object({ name: z.string() }).nullish(),
    issuetype: z.object({ name: z.string() }).nullish(),
    project: z.object({ key: z.string() }).nullish(),
    labels: z.array(z.string()).nullish(),
    created: z.string().nullish(),
    updated: z.string().nullish(),
    issuelinks: z.array(jiraLinkSchema).nullish(),
  }),
});

export const jiraSearchSchema = z.object({
  startAt: z.number().default(0),
  total: z.number(),
  issues: z.array(jiraIssueSchema),
});

export const jiraCreatedSchema = z.object({ id: z.string(), key: z.string().min(1) });
export type JiraCreated = z.infer<typeof jiraCreatedSchema>;

export const jiraTransitionsSchema = z.object({
  transitions: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      to: z.object({
        name: z.string(),
        /** `done` where work ends. */
        statusCategory: z.object({ key: z.string() }).optional(),
      }),
    }),
  ),
});
export type JiraTransition = z.infer<typeof jiraTransitionsSchema>['transitions'][number];

export const jiraLinkTypesSchema = z.object({
  issueLinkTypes: z.array(
    z.object({ id: z.string(), name: z.string(), inward: z.string(), outward: z.string() }),
  ),
});
export type JiraLinkType = z.infer<typeof jiraLinkTypesSchema>['issueLinkTypes'][number];

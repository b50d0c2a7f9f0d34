import type { z } from 'zod';
import type { JiraLink, jiraIssueSchema } from './jira-schemas.ts';

/** One issue as the product speaks of it. Texts are wiki markup and data, never instruction. */
export interface JiraIssue {
  key: string;
  /** Where a person reads it. */
  url: string;
  projectKey: string;
  issueType: string;
  summary: string;
  description: string;
  status: string;
  labels: string[];
  /** Only where the issue was read by itself; a search leaves it empty. */
  links: IssueLink[];
  /** As Jira writes times; empty where it did not say. */
  created: string;
  updated: string;
}

/** One link as the issue shows it. */
export interface IssueLink {
  id: string;
  /** The link type's name, such as Blocks. */
  type: string;
  /** How the issue reads: `blocks`, `is blocked by`. */
  phrase: string;
  /** `outward`: this issue shows the outward phrase, such as "blocks". */
  direction: 'outward' | 'inward';
  key: string;
}

export function toIssue({ key, fields }: z.infer<typeof jiraIssueSchema>, baseUrl: string): JiraIssue {
  return {
    key,
    url: browseUrl(baseUrl, key),
    projectKey: fields.project?.key ?? key.replace(/-\d+$/, ''),
    issueType: fields.issuetype?.name ?? '',
    summary: fields.summary ?? '',
    description: fields.description ?? '',
    status: fields.status?.name ?? '',
    labels: fields.labels ?? [],
    links: (fields.issuelinks ?? []).map(toLink),
    created: fields.created ?? '',
    updated: fields.updated ?? '',
  };
}

function toLink({ id, type, inwardIssue, outwardIssue }: JiraLink): IssueLink {
  const direction = outwardIssue ? 'outward' : 'inward';
  return {
    id,
    type: type.name,
    phrase: type[direction],
    direction,
    key: (outwardIssue ?? inwardIssue)?.key ?? '',
  };
}

/** The page of an issue. `baseUrl` has no slash at its end. */
export function browseUrl(baseUrl: string, issueKey: string): string {
  return `${baseUrl}/browse/${encodeURIComponent(issueKey)}`;
}

import type { z } from 'zod';
import type { JiraLink, jiraIssueSchema } from './jira-schemas.ts';

/** One issue as the product speaks of it. Texts are wiki markup and data, never instruction. */
export interface JiraIssue {
  id: string;
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
  links: JiraLink[];
  /** As Jira writes times; empty where it did not say. */
  created: string;
  updated: string;
}

export function toIssue({ id, key, fields }: z.infer<typeof jiraIssueSchema>, baseUrl: string): JiraIssue {
  return {
    id,
    key,
    url: browseUrl(baseUrl, key),
    projectKey: fields.project?.key ?? key.replace(/-\d+$/, ''),
    issueType: fields.issuetype?.name ?? '',
    summary: fields.summary ?? '',
    description: fields.description ?? '',
    status: fields.status?.name ?? '',
    labels: fields.labels ?? [],
    links: fields.issuelinks ?? [],
    created: fields.created ?? '',
    updated: fields.updated ?? '',
  };
}

/** The page of an issue. `baseUrl` has no slash at its end. */
export function browseUrl(baseUrl: string, issueKey: string): string {
  return `${baseUrl}/browse/${encodeURIComponent(issueKey)}`;
}

import type { UpstreamKind } from '../../errors/app-error.ts';
import type { JiraIssue } from '../jira/jira-issue.ts';
import type { ToolAnswer } from './mcp-client.ts';

/** The very arguments of a create call, as the person approved them. */
export interface CreateIssueArguments {
  projectKey: string;
  /** The type's name. */
  issueType: string;
  summary: string;
  /** Jira wiki markup. */
  description: string;
  /** The same text in Markdown, for tools that take nothing else. */
  descriptionMarkdown?: string;
  labels: string[];
  /** Further fields by id, as Jira's REST API takes them. */
  fields: Record<string, unknown>;
}

/** What a capability is called with. */
export interface CapabilityInputs {
  whoAmI: Record<string, never>;
  listProjects: Record<string, never>;
  createFields: { projectKey: string; issueTypeId: string };
  createIssue: CreateIssueArguments & { issueTypeId: string };
  searchIssues: { jql: string; limit: number };
  getIssue: { issueKey: string };
  linkIssues: { type: string; from: string; to: string };
  deleteIssue: { issueKey: string };
  searchPages: { cql: string; limit: number };
  getPage: { pageId: string };
}
export type Capability = keyof CapabilityInputs;

/** The capabilities that change something in Jira; all others only read. */
export const writingCapabilities = [
  'createIssue',
  'linkIssues',
  'deleteIssue',
] as const satisfies Capability[];

export function isWriting(capability: Capability): boolean {
  return writingCapabilities.some((writing) => writing === capability);
}

/** What reading a tool's answer gives, where a profile knows how. */
export interface CapabilityResults {
  whoAmI: { employeeId: string };
  listProjects: { key: string; name: string }[];
  createFields: unknown[];
  createIssue: { key: string };
  searchIssues: JiraIssue[];
  getIssue: JiraIssue;
  linkIssues: true;
  deleteIssue: true;
  searchPages: { id: string; title: string; spaceKey: string; version: number | null; url: string }[];
  getPage: {
    id: string;
    title: string;
    spaceKey: string;
    version: number | null;
    url: string;
    paragraphs: string[];
  };
}

/** How one capability is had from one server. */
export interface ToolUse<C extends Capability> {
  tool: string;
  /** Properties that the tool's schema must have: names alone are shared by tools that differ. */
  needs: string[];
  toArguments(input: CapabilityInputs[C], context: Record<string, string>): Record<string, unknown>;
  /** Null where the answer is not readable so. Without it the tool is known, but its answers are not: REST reads instead. */
  read?(answer: ToolAnswer, baseUrl: string): CapabilityResults[C] | null;
}

/** Why a tool did not do what it was asked, in words of ours. */
export interface ToolFailure {
  code: string;
  message: string;
  kind: UpstreamKind;
  /** HTTP status of Jira or Confluence, where it could be made out. */
  status: number | null;
  retryAfterMs?: number;
  fields?: Record<string, string>;
  hint?: string;
  /** Whether nothing was created, for certain. Anything in doubt is false: see "Never twice" in docs/connecting.md. */
  isDefinite: boolean;
}

/** One known set of tools. */
export interface ToolProfile {
  id: string;
  product: 'jira' | 'confluence';
  /** What its create tool takes as description. */
  descriptionFormat: 'wiki' | 'markdown';
  /** Whether its create tool wants the id of the issue type. */
  needsIssueTypeId: boolean;
  uses: { [C in Capability]?: ToolUse<C> };
  /** A tool whose answer every other call needs a part of. */
  context?: { tool: string; read(answer: ToolAnswer, baseUrl: string): Record<string, string> | null };
  /** Null when the answer is a success. */
  failureOf(answer: ToolAnswer): ToolFailure | null;
}

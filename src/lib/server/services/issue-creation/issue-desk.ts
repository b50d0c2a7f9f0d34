import type { CreateScreen } from '../../adapters/jira/create-screen.ts';
import type { CreateOutcome } from '../../adapters/mcp/create-outcome.ts';
import type { ExtraFields, SimilarIssue } from '../../../contracts/story.ts';

/** The very arguments of the create call. */
export interface CreateArguments {
  projectKey: string;
  /** The type's name. */
  issueType: string;
  summary: string;
  /** In the format that the tool takes: `descriptionFormat`. */
  description: string;
  labels: string[];
  /** By field id, in the shape that Jira's REST API takes. */
  fields: ExtraFields;
}

export interface DeskIssue {
  key: string;
  url: string;
  summary: string;
  labels: string[];
  description: string;
  /** Keys of the issues that it is linked to. */
  linkedKeys: string[];
}

/** Jira as one person sees it: through MCP tools where there are some, through REST where no tool offers it. */
export interface IssueDesk {
  /** The employee id that Jira answers for this token. */
  whoAmI(): Promise<string>;
  issueTypes(projectKey: string): Promise<{ id: string; name: string }[]>;
  createScreen(projectKey: string, issueTypeId: string): Promise<CreateScreen>;
  /** What descriptions the create tool takes. `markdown`: the tool itself turns them into Jira's markup. */
  descriptionFormat(): Promise<'wiki' | 'markdown'>;
  /** Never rejects for what the remote did: a rejection would leave the outcome unnamed. */
  createIssue(args: CreateArguments): Promise<CreateOutcome>;
  /** By JQL over the index, which lags: an absence proves nothing. */
  findByLabel(projectKey: string, label: string): Promise<string[]>;
  /** From Jira's database, which does not lag; null when it is not there or not visible. */
  getIssue(key: string): Promise<DeskIssue | null>;
  /** The highest issue number of a project that the index knows; 0 for none. */
  lastIssueNumber(projectKey: string): Promise<number>;
  /** `from` blocks `to`. */
  linkInOrder(from: string, to: string): Promise<void>;
  similar(input: {
    text: string;
    projectKey: string | null;
    limit: number;
    signal?: AbortSignal;
  }): Promise<SimilarIssue[]>;
}

import { tool, type StructuredToolInterface } from '@langchain/core/tools';
import { z } from 'zod';
import { renderBlock } from '../../contracts/prompt-format.ts';
import type { BacklogIssue, BacklogPage, Reading, RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { block } from '../prompts/blocks.ts';
import { estimateTokens, firstTokens } from '../prompts/tokens.ts';
import type { ReadingLog } from './reading-log.ts';

export interface ReadingLimits {
  /** Most readings for one answer. */
  readings: number;
  /** Most tokens that all readings of one answer may bring in, as `estimateTokens` counts. */
  tokens: number;
}

interface Research {
  context: Pick<RunContext, 'backlog' | 'step' | 'settings'>;
  log: ReadingLog;
  limits: ReadingLimits;
  /** Ends what a tool is reading. */
  signal: AbortSignal;
}

/** In words that the model reads; what the person sees is the step. */
const NOTHING_MORE = 'Nothing more can be read for this answer. Answer with what you have.';
const MOST_FOUND = 15;
const LONGEST_TEXT = 6_000;

/**
 * The tools that answer questions about the backlog: exactly those of `offered`. Each reads through the port, which
 * has no way to write; whatever a model asks for by another name does not exist. What they read is noted, and
 * comes back as blocks of data, within the limits. One that fails tells the model so; it rejects only when stopped.
 */
export function readingTools(offered: readonly Reading[], research: Research): StructuredToolInterface[] {
  const { backlog } = research.context;
  const read = boundedReader(research);
  const { log, signal } = research;

  const makers: Record<Reading, () => StructuredToolInterface> = {
    searchIssues: () =>
      tool(
        ({ jql }) =>
          read(`Searching Jira: ${brief(jql)}`, async () => {
            const issues = await backlog.searchIssues({ jql, limit: MOST_FOUND, signal });
            issues.forEach((issue) => noteIssue(log, issue, false));
            return [block('issues', issues.map(issueLine).join('\n')), count(issues.length, 'issue')];
          }),
        {
          name: 'search_issues',
          description:
            'Finds Jira issues by JQL, for example: project = DEMO AND text ~ "export" ORDER BY updated DESC. ' +
            `Gives at most ${MOST_FOUND}, one "KEY summary (status)" a line.`,
          schema: z.object({ jql: z.string().min(1).max(1_000) }),
        },
      ),
    getIssue: () =>
      tool(
        ({ key }) =>
          read(`Reading ${brief(key)}`, async () => {
            const issue = await backlog.issue(key);
            if (!issue)
              return [block('issue', 'There is no such issue, or the person may not see it.', { key })];
            noteIssue(log, issue, true);
            return [block('issue', wholeIssue(issue), { key: issue.key })];
          }),
        {
          name: 'get_issue',
          description: 'Reads one Jira issue: type, status, labels and description.',
          schema: z.object({ key: z.string().regex(/^[A-Z][A-Z0-9_]+-\d+$/i) }),
        },
      ),
    listProjects: () =>
      tool(
        () =>
          read('Listing projects', async () => {
            const projects = await backlog.projects();
            return [block('projects', projects.map(({ key, name }) => `${key} ${name}`).join('\n'))];
          }),
        {
          name: 'list_projects',
          description: 'Names the Jira projects that the person may see.',
          schema: z.object({}),
        },
      ),
    searchPages: () =>
      tool(
        ({ cql }) =>
          read(`Searching Confluence: ${brief(cql)}`, async () => {
            const pages = await backlog.searchPages({ cql, limit: MOST_FOUND, signal });
            pages.forEach((page) => notePage(log, page, false));
            const lines = pages.map(({ id, title }) => `${id} ${title}`);
            return [block('pages', lines.join('\n')), count(pages.length, 'page')];
          }),
        {
          name: 'search_pages',
          description:
            `Finds Confluence pages by CQL, for example: text ~ "export". Gives at most ${MOST_FOUND}, one "id title" ` +
            'a line; get_page reads one.',
          schema: z.object({ cql: z.string().min(1).max(1_000) }),
        },
      ),
    getPage: () =>
      tool(
        ({ pageId }) =>
          read('Reading a page', async () => {
            const page = await backlog.page(pageId, signal);
            notePage(log, page, true);
            const text = page.paragraphs.join('\n').slice(0, LONGEST_TEXT);
            return [block('page', text, { id: page.id, title: page.title }), `“${brief(page.title)}”`];
          }),
        {
          name: 'get_page',
          description: 'Reads one Confluence page by its id.',
          schema: z.object({ pageId: z.string().regex(/^\d{1,20}$/) }),
        },
      ),
  };
  return offered.map((reading) => makers[reading]());
}

type Read = [found: ReturnType<typeof block>, inWords?: string];

/** Counts readings and what they bring in, and turns failures into words for the model. */
function boundedReader({ context, limits, signal }: Research) {
  let readings = limits.readings;
  let tokens = limits.tokens;

  return async (label: string, work: () => Promise<Read>): Promise<string> => {
    signal.throwIfAborted();
    if (readings <= 0 || tokens <= 0) return NOTHING_MORE;
    readings -= 1;
    try {
      const [found] = await inStep(context, 'converse', label, work, ([, inWords]) =>
        inWords ? `${label}: ${inWords}` : label,
      );
      const text = firstTokens(found.text, tokens);
      tokens -= estimateTokens(text);
      const rest = text.length < found.text.length ? `\n\n${NOTHING_MORE}` : '';
      return renderBlock({ ...found, text: text || '(nothing)' }) + rest;
    } catch (error) {
      signal.throwIfAborted();
      return `That could not be read: ${sayable(error)}`;
    }
  };
}

/** Errors of the ports carry a code and a sentence for people; others may hold anything. */
function sayable(error: unknown): string {
  return error instanceof Error && 'code' in error ? error.message : 'it failed.';
}

function noteIssue(log: ReadingLog, { key, summary, url }: BacklogIssue, opened: boolean): void {
  log.note({ kind: 'issue', ref: key, title: summary, url, opened });
}

function notePage(log: ReadingLog, { id, title, url }: BacklogPage, opened: boolean): void {
  log.note({ kind: 'page', ref: id, title, url, opened });
}

export function issueLine({
  key,
  summary,
  status,
}: Pick<BacklogIssue, 'key' | 'summary' | 'status'>): string {
  return `${key} ${summary} (${status})`.replace(/\s+/g, ' ');
}

function wholeIssue(issue: BacklogIssue): string {
  const { issueType, labels, description } = issue;
  const facts = [
    issueLine(issue),
    `Type: ${issueType}`,
    ...(labels.length > 0 ? [`Labels: ${labels.join(', ')}`] : []),
  ];
  return [...facts, description.slice(0, LONGEST_TEXT)].join('\n');
}

function brief(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}

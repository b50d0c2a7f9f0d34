import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import type { JiraRest } from '../adapters/jira-rest.ts';
import { browseUrl } from '../adapters/jira/jira-issue.ts';
import { linkIssues } from '../adapters/jira/link-issues.ts';
import { InvalidError } from '../errors/app-error.ts';
import type { RestForCall } from './rest-for-call.ts';
import { toolAnswer } from './tool-answer.ts';

const issueKey = z.string().describe('Issue key, such as DEMO-12.');
const done = { key: z.string() };

/** Adds something; a second call adds it again. */
const adding = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };
/** Changes something; a second call changes nothing more. */
const settling = { ...adding, idempotentHint: true };

export function registerJiraWritingTools(server: McpServer, jiraFor: RestForCall<JiraRest>): void {
  server.registerTool(
    'create_issue',
    {
      description:
        'Creates one issue. Sent once: a failure of kind unknown or unreadable may have created it.',
      inputSchema: {
        projectKey: z.string().describe('Project key, such as DEMO.'),
        issueType: z.string().describe('Name of the issue type, such as Story.'),
        summary: z.string().describe('Summary of the issue.'),
        description: z.string().default('').describe('Jira wiki markup; empty leaves it out.'),
        labels: z.array(z.string()).default([]).describe('Labels without spaces; empty leaves them out.'),
        fields: z
          .record(z.string(), z.unknown())
          .default({})
          .describe('Further fields by id, as Jira takes them.'),
      },
      outputSchema: { key: z.string(), url: z.string() },
      annotations: adding,
    },
    (input, extra) =>
      toolAnswer(async () => {
        const jira = jiraFor(extra);
        const { key } = await jira.create({
          ...input.fields,
          project: { key: input.projectKey },
          issuetype: { name: input.issueType },
          summary: input.summary,
          // A field that is not on the create screen is an error even when it is empty.
          ...(input.description === '' ? {} : { description: input.description }),
          ...(input.labels.length === 0 ? {} : { labels: input.labels }),
        });
        return { key, url: browseUrl(jira.baseUrl, key) };
      }),
  );

  server.registerTool(
    'link_issues',
    {
      description: 'Links two issues, unless they are linked so already: with Blocks, from blocks to.',
      inputSchema: {
        type: z.string().default('Blocks').describe('Name of the link type.'),
        from: issueKey,
        to: issueKey,
      },
      outputSchema: { from: z.string(), to: z.string(), type: z.string() },
      annotations: settling,
    },
    (input, extra) =>
      toolAnswer(async () => {
        await linkIssues(jiraFor(extra), input);
        return input;
      }),
  );

  server.registerTool(
    'delete_issue',
    {
      description: 'Deletes one issue for good.',
      inputSchema: { issueKey },
      outputSchema: done,
      annotations: { ...settling, destructiveHint: true },
    },
    (input, extra) =>
      toolAnswer(async () => {
        await jiraFor(extra).remove(input.issueKey);
        return { key: input.issueKey };
      }),
  );

  server.registerTool(
    'update_labels',
    {
      description: 'Adds and removes labels of one issue.',
      inputSchema: {
        issueKey,
        add: z.array(z.string()).default([]),
        remove: z.array(z.string()).default([]),
      },
      outputSchema: done,
      annotations: settling,
    },
    (input, extra) =>
      toolAnswer(async () => {
        await jiraFor(extra).updateLabels(input.issueKey, input);
        return { key: input.issueKey };
      }),
  );

  server.registerTool(
    'transition_issue',
    {
      description: 'Moves one issue to another status, by the name of the status or of the transition.',
      inputSchema: { issueKey, to: z.string().describe('Such as In Progress.') },
      outputSchema: { key: z.string(), status: z.string() },
      annotations: settling,
    },
    (input, extra) =>
      toolAnswer(async () => {
        const jira = jiraFor(extra);
        const offered = await jira.transitions(input.issueKey);
        const wanted = input.to.toLowerCase();
        const transition = offered.find(({ name, to }) =>
          [name, to.name].some((one) => one.toLowerCase() === wanted),
        );
        if (!transition) {
          const names = offered.map(({ to }) => to.name).join(', ');
          throw new InvalidError(
            'transition_unknown',
            `${input.issueKey} cannot move to ${input.to}, only to: ${names}.`,
          );
        }
        await jira.transition(input.issueKey, transition.id);
        return { key: input.issueKey, status: transition.to.name };
      }),
  );
}

import { z } from 'zod';
import type { MappedTool, McpServerConfig } from '../../../../contracts/config/tool-servers.ts';
import { InvalidError } from '../../../errors/app-error.ts';
import { placeholdersOf, textsOf } from '../../../settings/placeholders.ts';
import { toIssue } from '../../jira/jira-issue.ts';
import { jiraIssueSchema } from '../../jira/jira-schemas.ts';
import { jsonReader } from '../../llm/json-path.ts';
import { fillTemplate } from '../../llm/fill-template.ts';
import { answerJson, reportedFailure } from '../tool-answers.ts';
import type { ToolAnswer } from '../mcp-client.ts';
import type {
  Capability,
  CapabilityInputs,
  CapabilityResults,
  ToolProfile,
  ToolUse,
} from '../tool-profile.ts';

type MappedServer = Pick<McpServerConfig, 'id' | 'product' | 'descriptionFormat'> & {
  tools: NonNullable<McpServerConfig['tools']>;
};

/**
 * A server's tools as config.json maps them by capability. What is not mapped stays as in `known`. An answer that is
 * no success and names no 400 leaves it open whether the tool did its work.
 */
export function mappedProfile(server: MappedServer, known: ToolProfile | null): ToolProfile {
  const { tools } = server;
  const format = server.descriptionFormat ?? known?.descriptionFormat ?? 'wiki';
  const uses: ToolProfile['uses'] = { ...known?.uses };
  if (tools.whoAmI) uses.whoAmI = use(tools.whoAmI, employeeId);
  if (tools.listProjects) uses.listProjects = use(tools.listProjects, projects);
  if (tools.searchIssues) uses.searchIssues = use(tools.searchIssues, issues);
  if (tools.getIssue) uses.getIssue = use(tools.getIssue, issue);
  if (tools.linkIssues) uses.linkIssues = use(tools.linkIssues, () => true);
  if (tools.deleteIssue) uses.deleteIssue = use(tools.deleteIssue, () => true);
  if (tools.createIssue) uses.createIssue = createUse(tools.createIssue, format);
  const names = tools.createIssue ? placeholdersIn(tools.createIssue) : null;
  return {
    id: `mapped:${server.id}`,
    product: server.product,
    descriptionFormat: format,
    needsIssueTypeId: names?.includes('issueTypeId') ?? known?.needsIssueTypeId ?? false,
    uses,
    ...(known?.context ? { context: known.context } : {}),
    failureOf: known?.failureOf ?? reportedFailure,
  };
}

function use<C extends Capability>(
  tool: MappedTool,
  read: (found: unknown, baseUrl: string) => CapabilityResults[C] | null,
  valuesOf: (input: CapabilityInputs[C]) => Record<string, unknown> = (input) => ({ ...input }),
): ToolUse<C> {
  const resultOf = tool.result === undefined ? (value: unknown) => value : jsonReader(tool.result);
  return {
    tool: tool.tool,
    needs: Object.keys(tool.arguments),
    toArguments: (input) =>
      Object.fromEntries(
        Object.entries(tool.arguments).map(([name, value]) => [name, fillTemplate(value, valuesOf(input))]),
      ),
    read: (answer: ToolAnswer, baseUrl) => read(resultOf(answerJson(answer)), baseUrl),
  };
}

function createUse(tool: MappedTool, format: 'wiki' | 'markdown'): ToolUse<'createIssue'> {
  const names = placeholdersIn(tool);
  const takesFields = ['fields', 'fieldsJson', 'allFields', 'allFieldsJson'].some((name) =>
    names.includes(name),
  );
  const valuesOf = (input: CapabilityInputs['createIssue']) => {
    const { description, descriptionMarkdown, labels, fields, ...plain } = input;
    // What was approved is sent as a whole or not at all.
    if (!takesFields && Object.keys(fields).length > 0) throw fieldsUnmapped(tool.tool, Object.keys(fields));
    const allFields = { ...fields, ...(labels.length > 0 ? { labels } : {}) };
    return {
      ...plain,
      description: format === 'markdown' ? (descriptionMarkdown ?? description) : description,
      labels,
      labelsCsv: labels.join(','),
      fields,
      fieldsJson: JSON.stringify(fields),
      allFields,
      allFieldsJson: JSON.stringify(allFields),
    };
  };
  return use(tool, createdKey, valuesOf);
}

function placeholdersIn(tool: MappedTool): string[] {
  return [...textsOf(tool.arguments)].flatMap(({ text }) => placeholdersOf(text));
}

function fieldsUnmapped(tool: string, fields: string[]): InvalidError {
  return new InvalidError(
    'mcp_fields_unmapped',
    `The tool ${tool} has no argument for ${fields.join(', ')}, so the issue was not created.`,
    { hint: 'Ask your administrator to add {{fields}} to its arguments under mcpServers in config.json.' },
  );
}

const createdKey = (found: unknown) => {
  const key = z.string().safeParse(found).data;
  return key === undefined ? null : { key };
};

const employeeId = (found: unknown) => {
  const id = z.string().min(1).safeParse(found).data;
  return id === undefined ? null : { employeeId: id };
};

const projects = (found: unknown) =>
  z.array(z.object({ key: z.string(), name: z.string() })).safeParse(found).data ?? null;

const issues = (found: unknown, baseUrl: string) =>
  z
    .array(jiraIssueSchema)
    .safeParse(found)
    .data?.map((one) => toIssue(one, baseUrl)) ?? null;

const issue = (found: unknown, baseUrl: string) => {
  const one = jiraIssueSchema.safeParse(found).data;
  return one === undefined ? null : toIssue(one, baseUrl);
};

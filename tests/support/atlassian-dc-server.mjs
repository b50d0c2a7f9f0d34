// A stand-in for @atlassian-dc-mcp/jira and, with CONFLUENCE_API_BASE_PATH, for /confluence over stdio: the schemas of the
// tools that we use, the product's own bodies handed on as `{success, data}`, a refusal of it as an ordinary result, and
// `isError` only for arguments that do not fit.
import { createInterface } from 'node:readline';

const { JIRA_API_BASE_PATH, JIRA_API_TOKEN, CONFLUENCE_API_BASE_PATH, CONFLUENCE_API_TOKEN } = process.env;
const base = CONFLUENCE_API_BASE_PATH ?? `${JIRA_API_BASE_PATH}/api/2`;
const token = CONFLUENCE_API_TOKEN ?? JIRA_API_TOKEN;
const text = { type: 'string' };
const number = { type: 'number' };
const texts = { type: 'array', items: text };

const jiraTools = {
  jira_searchIssues: {
    properties: { jql: text, maxResults: number, startAt: number, expand: texts, fields: texts },
    required: ['jql'],
    call: ({ jql, maxResults, fields }) => ['POST', '/search', { jql, maxResults, fields }],
    doing: 'searching issues',
  },
  jira_getIssue: {
    properties: { issueKey: text, expand: text, fields: texts },
    required: ['issueKey'],
    call: ({ issueKey }) => ['GET', `/issue/${issueKey}`],
    doing: 'getting issue',
  },
  jira_createIssue: {
    properties: {
      projectId: text,
      summary: text,
      description: text,
      issueTypeId: text,
      customFields: { type: 'object', additionalProperties: {} },
    },
    required: ['projectId', 'summary', 'description', 'issueTypeId'],
    call: ({ projectId, issueTypeId, customFields, ...fields }) => [
      'POST',
      '/issue',
      { fields: { project: { key: projectId }, issuetype: { id: issueTypeId }, ...fields, ...customFields } },
    ],
    doing: 'creating issue',
  },
  jira_linkIssues: {
    properties: { inwardIssueKey: text, outwardIssueKey: text, linkType: text, comment: text },
    required: ['inwardIssueKey', 'outwardIssueKey', 'linkType'],
    call: ({ inwardIssueKey, outwardIssueKey, linkType }) => [
      'POST',
      '/issueLink',
      {
        type: { name: linkType },
        inwardIssue: { key: inwardIssueKey },
        outwardIssue: { key: outwardIssueKey },
      },
    ],
    doing: 'linking issues',
  },
};

const oneOf = (...values) => ({ type: 'string', enum: values });

const confluenceTools = {
  confluence_getContent: {
    properties: {
      contentId: text,
      expand: text,
      bodyMode: oneOf('storage', 'text', 'none'),
      maxBodyChars: number,
      bodyStart: { type: 'integer' },
    },
    required: ['contentId'],
    call: ({ contentId, expand }) => ['GET', `/api/content/${contentId}?${new URLSearchParams({ expand })}`],
    doing: 'getting content',
  },
  confluence_searchContent: {
    properties: {
      cql: text,
      limit: number,
      start: number,
      expand: text,
      excerpt: oneOf('none', 'highlight'),
    },
    required: ['cql'],
    call: ({ cql, limit, expand }) => [
      'GET',
      `/api/content/search?${new URLSearchParams({ cql, limit, expand })}`,
    ],
    doing: 'searching content',
  },
};

const tools = CONFLUENCE_API_BASE_PATH ? confluenceTools : jiraTools;

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const result = method === 'tools/call' ? await called(params) : greetings(params)[method];
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: result ?? {} })}\n`);
}

function greetings(params) {
  const listed = Object.entries(tools).map(([name, { properties, required }]) => ({
    name,
    description: name,
    inputSchema: { type: 'object', properties, required, additionalProperties: false },
  }));
  return {
    initialize: {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'atlassian-jira-mcp', version: '0.34.0' },
    },
    'tools/list': { tools: listed },
  };
}

async function called({ name, arguments: given }) {
  const tool = tools[name];
  const fits =
    tool.required.every((property) => property in given) &&
    Object.keys(given).every((property) => property in tool.properties);
  if (!fits)
    return { isError: true, content: [{ type: 'text', text: `Invalid arguments for tool ${name}` }] };
  const [method, path, body] = tool.call(given);
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const answer = await response.text();
  const data = answer === '' ? {} : JSON.parse(answer);
  const error = `Error ${tool.doing}: ${response.status} ${response.statusText}`;
  const told = response.ok ? { success: true, data } : { success: false, error, details: data };
  return { content: [{ type: 'text', text: JSON.stringify(told) }] };
}

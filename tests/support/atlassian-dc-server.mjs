// A stand-in for @atlassian-dc-mcp/jira and, with CONFLUENCE_API_BASE_PATH, for /confluence over stdio: the tools and
// schemas that these list, the product's own bodies handed on as `{success, data}`, a refusal of it as an ordinary result, and
// `isError` only for arguments that do not fit.
import { createInterface } from 'node:readline';
import { publishedTools } from './published-tools.mjs';

const { JIRA_API_BASE_PATH, JIRA_API_TOKEN, CONFLUENCE_API_BASE_PATH, CONFLUENCE_API_TOKEN } = process.env;
const base = CONFLUENCE_API_BASE_PATH ?? `${JIRA_API_BASE_PATH}/api/2`;
const token = CONFLUENCE_API_TOKEN ?? JIRA_API_TOKEN;

const jiraTools = {
  jira_searchIssues: {
    call: ({ jql, maxResults, fields }) => ['POST', '/search', { jql, maxResults, fields }],
    doing: 'searching issues',
  },
  jira_getIssue: {
    call: ({ issueKey }) => ['GET', `/issue/${issueKey}`],
    doing: 'getting issue',
  },
  jira_createIssue: {
    call: ({ projectId, issueTypeId, customFields, ...fields }) => [
      'POST',
      '/issue',
      { fields: { project: { key: projectId }, issuetype: { id: issueTypeId }, ...fields, ...customFields } },
    ],
    doing: 'creating issue',
  },
  jira_linkIssues: {
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

const confluenceTools = {
  confluence_getContent: {
    call: ({ contentId, expand }) => ['GET', `/api/content/${contentId}?${new URLSearchParams({ expand })}`],
    doing: 'getting content',
  },
  confluence_searchContent: {
    call: ({ cql, limit, expand }) => [
      'GET',
      `/api/content/search?${new URLSearchParams({ cql, limit, expand })}`,
    ],
    doing: 'searching content',
  },
};

const tools = CONFLUENCE_API_BASE_PATH ? confluenceTools : jiraTools;
const published = publishedTools(`@atlassian-dc-mcp/${CONFLUENCE_API_BASE_PATH ? 'confluence' : 'jira'}`);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const result = method === 'tools/call' ? await called(params) : greetings(params)[method];
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: result ?? {} })}\n`);
}

function greetings(params) {
  return {
    initialize: {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'atlassian-jira-mcp', version: '0.34.0' },
    },
    'tools/list': { tools: published.tools },
  };
}

async function called({ name, arguments: given }) {
  const misfit = published.misfit(name, given);
  if (misfit)
    return {
      isError: true,
      content: [{ type: 'text', text: `Invalid arguments for tool ${name}: ${misfit}` }],
    };
  const tool = tools[name];
  if (!tool) throw new Error(`Nothing stands behind ${name}.`);
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

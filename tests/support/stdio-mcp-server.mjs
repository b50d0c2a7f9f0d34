// A minimal MCP server over stdio for tests: one tool that tells what the process was started with.
import { createInterface } from 'node:readline';

const tool = { name: 'where_am_i', description: 'Tells', inputSchema: { type: 'object', properties: {} } };

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  if (method === 'tools/call' && params.arguments.crash) process.exit(1);
  if (method === 'tools/call' && params.arguments.hang) continue;
  const told = { token: process.env.JIRA_API_TOKEN, home: process.env.HOME, cwd: process.cwd() };
  const results = {
    initialize: {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'stdio', version: '1' },
    },
    'tools/list': { tools: [tool] },
    'tools/call': { content: [{ type: 'text', text: JSON.stringify(told) }] },
  };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} })}\n`);
}

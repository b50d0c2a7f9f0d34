import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { createLoopback } from './loopback.ts';

export interface ScriptedTool {
  name: string;
  input: z.ZodRawShape;
  /** What the server claims of it. */
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean };
  /** What the tool answers, or what it throws. */
  answer(
    input: Record<string, unknown>,
  ): { text: string; isError?: boolean } | Promise<{ text: string; isError?: boolean }>;
}

type Seen = (headers: Record<string, unknown>) => void;

/** A remote MCP server over streamable HTTP, speaking the real protocol with scripted tools. Returns its endpoint. */
export async function serveMcp(
  loopback: ReturnType<typeof createLoopback>,
  tools: ScriptedTool[],
  seen: Seen = () => {},
): Promise<string> {
  const origin = await loopback.serve(async (request, response) => {
    seen(request.headers);
    const server = new McpServer({ name: 'scripted', version: '1.0.0' });
    for (const { name, input, annotations, answer } of tools) {
      const described = { description: name, inputSchema: input, ...(annotations ? { annotations } : {}) };
      server.registerTool(name, described, async (args) => textResult(await answer(args)));
    }
    await answerOnce(server, request, response);
  });
  return `${origin}mcp`;
}

/** The same with tools that are listed to the letter, whatever their schemas hold. */
export async function serveListedTools(
  loopback: ReturnType<typeof createLoopback>,
  tools: readonly Tool[],
  call: (name: string, given: Record<string, unknown>) => ReturnType<ScriptedTool['answer']>,
  seen: Seen = () => {},
): Promise<string> {
  const origin = await loopback.serve(async (request, response) => {
    seen(request.headers);
    const server = new Server({ name: 'scripted', version: '1.0.0' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) =>
      textResult(await call(params.name, params.arguments ?? {})),
    );
    await answerOnce(server, request, response);
  });
  return `${origin}mcp`;
}

function textResult({ text, isError = false }: { text: string; isError?: boolean }) {
  return { content: [{ type: 'text' as const, text }], isError };
}

/** Without sessions: one server and transport a request, as the SDK asks for. */
async function answerOnce(
  server: Pick<McpServer, 'connect' | 'close'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

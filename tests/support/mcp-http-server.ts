import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
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

/** A remote MCP server over streamable HTTP, speaking the real protocol with scripted tools. Returns its endpoint. */
export async function serveMcp(
  loopback: ReturnType<typeof createLoopback>,
  tools: ScriptedTool[],
  seen: (headers: Record<string, unknown>) => void = () => {},
): Promise<string> {
  const origin = await loopback.serve(async (request, response) => {
    seen(request.headers);
    const server = new McpServer({ name: 'scripted', version: '1.0.0' });
    for (const { name, input, annotations, answer } of tools) {
      const described = { description: name, inputSchema: input, ...(annotations ? { annotations } : {}) };
      server.registerTool(name, described, async (args) => {
        const { text, isError = false } = await answer(args);
        return { content: [{ type: 'text' as const, text }], isError };
      });
    }
    // Without sessions: one server and transport a request, as the SDK asks for.
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  });
  return `${origin}mcp`;
}

import { createHash } from 'node:crypto';
import { z } from 'zod';

/** One tool as a server offers it. Plain data: it is cached, compared, and handed to workers. */
export interface McpTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: Record<string, unknown>;
  properties: string[];
  required: string[];
  readOnly: boolean;
  destructive: boolean;
  /** SHA-256 over name, arguments and hints: another one means another tool under the same name. */
  schemaHash: string;
}

const listedToolSchema = z.object({
  name: z.string().min(1).max(200),
  description: z.string().default(''),
  inputSchema: z
    .looseObject({
      properties: z.record(z.string(), z.unknown()).default({}),
      required: z.array(z.string()).default([]),
    })
    .prefault({}),
  annotations: z
    .object({ readOnlyHint: z.boolean().optional(), destructiveHint: z.boolean().optional() })
    .optional(),
});

/** Longest description that is kept: it goes to the pages and, as hints, towards the model. */
const MOST_DESCRIPTION = 2_000;

/** What a server listed, parsed; an entry that is no tool is left out. */
export function parseTools(listed: unknown[]): McpTool[] {
  return listed.flatMap((entry) => {
    const parsed = listedToolSchema.safeParse(entry);
    if (!parsed.success) return [];
    const { name, description, inputSchema, annotations } = parsed.data;
    return [
      {
        name,
        description: description.slice(0, MOST_DESCRIPTION),
        inputSchema,
        properties: Object.keys(inputSchema.properties),
        required: inputSchema.required,
        // Hints default to the dangerous side (MCP specification, ToolAnnotations).
        readOnly: annotations?.readOnlyHint ?? false,
        destructive: annotations?.readOnlyHint ? false : (annotations?.destructiveHint ?? true),
        schemaHash: createHash('sha256')
          .update(canonical([name, inputSchema, annotations ?? {}]))
          .digest('hex'),
      },
    ];
  });
}

/** JSON with sorted keys, so that a server that lists in another order offers the same tool. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

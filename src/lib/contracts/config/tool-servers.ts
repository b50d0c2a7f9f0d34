import { z } from 'zod';
import { jsonPathSchema } from './json-path.ts';

/** MCP servers: as `mcpServers` of config.json writes them, and as the server works with them. */

/** What may stand in `headers` and `env`: the person's own secret and address of a product. */
export const secretPlaceholders = {
  jira: { token: 'jiraPat', url: 'jiraUrl' },
  confluence: { token: 'confluencePat', url: 'confluenceUrl' },
} as const;
export type Product = keyof typeof secretPlaceholders;
const products = Object.keys(secretPlaceholders) as [Product, ...Product[]];

const createPlaceholders = [
  'projectKey',
  'issueType',
  'issueTypeId',
  'summary',
  'description',
  'labels',
  'labelsCsv',
  'fields',
  'fieldsJson',
  'allFields',
  'allFieldsJson',
];

/** What an administrator can map onto a tool of an unknown server, and the placeholders of its arguments. */
export const mappedCapabilities = {
  whoAmI: [],
  listProjects: [],
  createIssue: createPlaceholders,
  searchIssues: ['jql', 'limit'],
  getIssue: ['issueKey'],
  linkIssues: ['type', 'from', 'to'],
  deleteIssue: ['issueKey'],
} as const satisfies Record<string, readonly string[]>;
export type MappedCapability = keyof typeof mappedCapabilities;

const mappedToolSchema = z.strictObject({
  tool: z.string().min(1).describe('Name of the tool.'),
  arguments: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Its arguments, with {{placeholders}}; docs/connecting.md lists them.'),
  result: jsonPathSchema
    .optional()
    .describe('Where the result stands in the JSON answer: the key, the employee id, the issue, the list.'),
});
export type MappedTool = z.infer<typeof mappedToolSchema>;

const mappingSchema = z.strictObject(
  Object.fromEntries(
    Object.keys(mappedCapabilities).map((capability) => [
      capability,
      mappedToolSchema.optional().describe(`The tool for ${capability}.`),
    ]),
  ) as Record<MappedCapability, z.ZodOptional<typeof mappedToolSchema>>,
);

const reading = {
  profile: z.string().default('auto').describe('Known tool set, or auto to recognise it from the tool list.'),
  tools: mappingSchema
    .optional()
    .describe('Which tool does what, for a server that is not known. Counts before the profile.'),
  descriptionFormat: z
    .enum(['wiki', 'markdown'])
    .optional()
    .describe("What a mapped create tool takes as description: Jira's markup (default) or Markdown."),
};
const texts = z.record(z.string(), z.string());

/** One entry of `mcpServers`: one of url, command and builtin makes it what it is. */
const toolServerEntrySchema = z.strictObject({
  product: z
    .enum(products)
    .optional()
    .describe('Which product its tools serve; told by the placeholders where it is left out.'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Streamable HTTP endpoint.'),
  headers: texts.optional().describe('Headers of every call, such as "Authorization": "Bearer {{jiraPat}}".'),
  command: z.string().min(1).optional().describe('Program to start, one process for each person.'),
  args: z.array(z.string()).optional().describe('Its arguments. Never a secret: other users see them.'),
  env: texts.optional().describe('Its environment, such as "JIRA_API_TOKEN": "{{jiraPat}}".'),
  builtin: z.literal(true).optional().describe('The built-in server of the product, beside others.'),
  ...reading,
});
export type ToolServerEntry = z.infer<typeof toolServerEntrySchema>;

export const mcpServersSchema = z.record(
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'A name of letters, digits, - and _ that starts with a letter.'),
  toolServerEntrySchema,
);

const known = { id: z.string(), product: z.enum(products), ...reading };

/** One server as everything behind the file sees it. Plain data: it is handed to workers. */
export const mcpServerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('builtin'), ...known }),
  z.object({ kind: z.literal('http'), ...known, url: z.string(), headers: texts }),
  z.object({
    kind: z.literal('stdio'),
    ...known,
    command: z.string(),
    args: z.array(z.string()),
    env: texts,
  }),
]);
export type McpServerConfig = z.infer<typeof mcpServerSchema>;

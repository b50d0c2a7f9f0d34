import { z } from 'zod';
import { callTypes } from '../model-answer.ts';
import { connectionKinds } from '../connection.ts';
import { patternRulesSchema } from '../pattern-rule.ts';
import { jsonPathSchema } from './json-path.ts';
import { mcpServersSchema } from './tool-servers.ts';
import {
  bannedWordsSettings,
  descriptionLengthSettings,
  minimumCriteriaSettings,
  repairSettings,
  requiredSectionsSettings,
  storyPointsSettings,
  summaryLengthSettings,
} from '../rule-settings.ts';

/** `config/config.json`: what an administrator sets for everybody. Every key has a description for the editor. */

const ms = z.number().int().min(0);
const url = z.url({ protocol: /^https?$/ });

const retrySchema = z.strictObject({
  attempts: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(3)
    .describe('Retries after the first try; a time-out is not repeated.'),
  initialDelayMs: ms.default(250).describe('Pause before the first retry; it doubles, with jitter.'),
  maxDelayMs: ms.default(5_000).describe('Longest pause between two tries.'),
});

const breakerSchema = z.strictObject({
  failures: z.number().int().min(1).default(5).describe('Consecutive failures that open the breaker.'),
  openForMs: ms.default(15_000).describe('How long calls are refused before one is let through to probe.'),
});

const timeoutsSchema = (unset: { firstByteMs: number; totalMs: number }) =>
  z.strictObject({
    connectMs: ms.default(5_000).describe('Until the connection stands.'),
    firstByteMs: ms
      .default(unset.firstByteMs)
      .describe('From the request until the first byte of the answer.'),
    idleMs: ms.default(30_000).describe('Between two pieces of a streamed answer.'),
    totalMs: ms.default(unset.totalMs).describe('For the whole call, with its retries.'),
  });

const callsPath = jsonPathSchema.describe(
  'Where tool calls stand in a frame, such as choices.0.delta.tool_calls.',
);

/** In whose form tools are offered, calls are read and results are sent back. */
const toolFormSchema = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('openai').describe('As chat completions have it.'), path: callsPath }),
  z.strictObject({
    form: z.literal('ollama').describe('As the native interface of Ollama has it.'),
    path: callsPath,
  }),
  z.strictObject({ form: z.literal('anthropic').describe('As the messages interface of Anthropic has it.') }),
]);
export type ToolForm = z.infer<typeof toolFormSchema>;

export const dialectSchema = z.strictObject({
  type: z
    .enum(['sse', 'ndjson', 'json', 'text'])
    .describe('How the model answers: server-sent events, one JSON a line, one JSON body, plain text.'),
  deltaPath: jsonPathSchema
    .optional()
    .describe('Where the next piece of text stands (sse, ndjson) or the whole text (json).'),
  doneMarker: z.string().optional().describe('The data line that ends an SSE stream, such as [DONE].'),
  donePath: jsonPathSchema.optional().describe('A place whose true value ends the stream.'),
  finishPath: jsonPathSchema
    .optional()
    .describe(
      'Where the reason for ending stands; length or max_tokens: the answer was cut; refusal or content_filter: it was refused.',
    ),
  refusalPath: jsonPathSchema.optional().describe('Where a refusal stands in place of text.'),
  errorPath: jsonPathSchema.optional().describe('Where an error inside a 200 answer stands.'),
  inputTokensPath: jsonPathSchema.optional().describe('Where the number of prompt tokens stands.'),
  outputTokensPath: jsonPathSchema.optional().describe('Where the number of answered tokens stands.'),
  tools: toolFormSchema
    .optional()
    .describe(
      'How the model calls tools. Without it the model is offered none, and questions are answered from one search.',
    ),
});
export type DialectConfig = z.infer<typeof dialectSchema>;

const endpointSchema = z.strictObject({
  path: z.string().startsWith('/').describe('Path below llm.baseUrl.'),
  method: z.enum(['GET', 'POST']).default('POST').describe('HTTP method.'),
  dialect: dialectSchema.optional().describe('Where this endpoint answers otherwise than llm.dialect.'),
  identityPath: jsonPathSchema
    .optional()
    .describe('whoami only: where the employee id stands in its JSON answer.'),
});

const llmSchema = z.strictObject({
  name: z.string().default('Company model').describe('Shown to people.'),
  baseUrl: url
    .nullable()
    .default(null)
    .describe('Where the model is. Practice mode uses the practice writer instead.'),
  model: z.string().default('default').describe('Fills {{model}} in payload.json.'),
  credential: z
    .enum(['cookie', 'bearer', 'none'])
    .default('cookie')
    .describe("What each person's credential is. header.json says where it goes."),
  endpoints: z
    .strictObject({
      default: endpointSchema.describe('For every call type without one of its own.'),
      ...Object.fromEntries(
        callTypes.map((type) => [type, endpointSchema.optional().describe(`For the call type ${type}.`)]),
      ),
    } as { default: typeof endpointSchema } & Record<
      (typeof callTypes)[number],
      z.ZodOptional<typeof endpointSchema>
    >)
    .describe('Endpoints by call type.'),
  dialect: dialectSchema.describe('How answers read.'),
  parameters: z
    .strictObject({
      temperature: z.number().min(0).max(2).default(0.2).describe('Fills {{temperature}}.'),
      maxTokens: z.number().int().min(64).default(4_000).describe('Fills {{maxTokens}}.'),
      contextTokens: z
        .number()
        .int()
        .min(2_000)
        .default(16_000)
        .describe('Prompts are kept below this many tokens.'),
    })
    .prefault({})
    .describe('Parameters of the model.'),
  budgets: z
    .strictObject({
      tokensPerDay: z
        .number()
        .int()
        .min(0)
        .default(0)
        .describe(
          'Most tokens that one person may use in a day (UTC), asked and answered together. 0: no limit.',
        ),
    })
    .prefault({})
    .describe('How much each person may use.'),
  requireIdentity: z
    .boolean()
    .default(true)
    .describe('Whether a model that cannot say whose credential it got fails its test.'),
  retry: retrySchema.prefault({}).describe('Retries of calls that failed before their first byte.'),
  breaker: breakerSchema.prefault({}).describe('When calls are refused at once because the model is down.'),
  timeouts: timeoutsSchema({ firstByteMs: 60_000, totalMs: 300_000 })
    .prefault({})
    .describe('Limits in milliseconds.'),
});

const restSchema = z.strictObject({
  url: url
    .nullable()
    .default(null)
    .describe('Base URL with its context path, such as https://jira.example.com/jira.'),
  caFile: z
    .string()
    .nullable()
    .default(null)
    .describe('PEM file of the CA that signed its certificate, if it is a private one.'),
  retry: retrySchema.prefault({}).describe('Retries of reading calls.'),
  breaker: breakerSchema.prefault({}).describe('When calls are refused at once because it is down.'),
  timeouts: timeoutsSchema({ firstByteMs: 20_000, totalMs: 60_000 })
    .prefault({})
    .describe('Limits in milliseconds.'),
});

export const ruleDefaultsSchema = z.strictObject({
  ...storyPointsSettings.shape,
  ...requiredSectionsSettings.shape,
  ...summaryLengthSettings.shape,
  ...minimumCriteriaSettings.shape,
  ...descriptionLengthSettings.shape,
  ...bannedWordsSettings.shape,
  patterns: patternRulesSchema.default([]).describe('Rules that the team wrote as regular expressions.'),
  ...repairSettings.shape,
});
export type RuleSettings = z.infer<typeof ruleDefaultsSchema>;

/** From the most to the least talkative. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const configFileSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  mode: z
    .enum(['practice', 'live'])
    .default('practice')
    .describe('practice: sandbox Jira, Confluence and model beside the app. live: your own.'),
  administrators: z.array(z.string()).default([]).describe('Employee ids of the administrators.'),
  logLevel: z
    .enum(logLevels)
    .nullable()
    .default(null)
    .describe('Least severe log lines that are written; null leaves it to LOG_LEVEL. Counts at once.'),
  allowedHosts: z
    .array(z.string())
    .default([])
    .describe(
      'Host names that people may connect to besides the configured ones; *.example.com covers subdomains.',
    ),
  jira: restSchema.prefault({}).describe('Jira Data Center.'),
  confluence: restSchema
    .extend({
      tokenMaxLength: z
        .number()
        .int()
        .min(1)
        .max(512)
        .default(20)
        .describe('Longest Confluence token; real Data Center tokens have 44.'),
    })
    .prefault({})
    .describe('Confluence Data Center.'),
  llm: llmSchema.describe('The language model.'),
  mcp: z
    .strictObject({
      refreshIntervalMinutes: z
        .number()
        .int()
        .min(5)
        .default(360)
        .describe(
          'How often tool lists are read anew, at the latest: each person has a share of it of their own.',
        ),
      refreshSeenWithinDays: z
        .number()
        .int()
        .min(1)
        .default(14)
        .describe('Tool lists are read anew for people who were here within so many days.'),
      clientsPerUser: z
        .number()
        .int()
        .min(1)
        .default(4)
        .describe('Most open connections of one person to servers that are not built in.'),
      clientsInAll: z.number().int().min(1).default(100).describe('Most such connections of all people.'),
    })
    .prefault({})
    .describe('Limits of tool servers.'),
  mcpServers: mcpServersSchema
    .default({})
    .describe(
      'Tool servers by name. A product that none of them serves is served by the built-in server; with none at all, both are.',
    ),
  rules: ruleDefaultsSchema.prefault({}).describe('Defaults that each person may change for themselves.'),
  limits: z
    .strictObject({
      sourceBytes: z.number().int().min(1_024).default(1_048_576).describe('Largest pasted text or file.'),
      conversationsPerUser: z
        .number()
        .int()
        .min(1)
        .default(5_000)
        .describe('Most conversations of one person.'),
      creationHorizonMs: ms
        .default(600_000)
        .describe('How long an unknown creation outcome is looked for before a person is asked.'),
    })
    .prefault({})
    .describe('Limits.'),
  features: z
    .strictObject({
      issueCreator: z
        .array(z.enum(connectionKinds))
        .default(['jira', 'llm'])
        .describe('Connections that must be tested for the AI Issue Creator.'),
      pageSources: z
        .array(z.enum(connectionKinds))
        .default(['confluence'])
        .describe('Connections that must be tested for page sources.'),
    })
    .prefault({})
    .describe('What opens a feature.'),
});
export type ConfigFile = z.infer<typeof configFileSchema>;

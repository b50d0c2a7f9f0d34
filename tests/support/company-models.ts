import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { callTypeSchema, type CallType } from '../../src/lib/contracts/model-answer.ts';
import { lookUpFor, writeAnswer } from '../../src/lib/sandbox/llm/practice-writer.ts';
import type { Writer } from './clumsy-writer.ts';
import type { Answering, createLoopback } from './loopback.ts';
import { jsonBody, shippedConfig, stream } from './scripted-gateway.ts';

/** The practice writer behind the interfaces that the presets are for; each takes exactly what the real one does. */

const message = z.strictObject({ role: z.enum(['user', 'assistant', 'system']), content: z.string() });
const parameters = z.looseObject({ type: z.literal('object') });
const common = {
  model: z.string().min(1),
  temperature: z.number(),
  max_tokens: z.number().int().positive(),
  stream: z.literal(true),
};
const openAiSchema = z.strictObject({
  ...common,
  messages: z
    .array(
      z.union([
        message,
        z.strictObject({
          role: z.literal('assistant'),
          content: z.string(),
          tool_calls: z
            .array(
              z.strictObject({
                id: z.string().min(1),
                type: z.literal('function'),
                function: z.strictObject({ name: z.string(), arguments: z.string() }),
              }),
            )
            .min(1),
        }),
        z.strictObject({ role: z.literal('tool'), content: z.string(), tool_call_id: z.string().min(1) }),
      ]),
    )
    .min(2),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({ name: z.string(), description: z.string(), parameters }),
      }),
    )
    .min(1)
    .optional(),
  stream_options: z.strictObject({ include_usage: z.literal(true) }),
});
const anthropicSchema = z.strictObject({
  ...common,
  system: z.string(),
  messages: z
    .array(
      z.union([
        message,
        z.strictObject({
          role: z.literal('assistant'),
          content: z.array(
            z.union([
              z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
              z.strictObject({
                type: z.literal('tool_use'),
                id: z.string().min(1),
                name: z.string(),
                input: z.record(z.string(), z.unknown()),
              }),
            ]),
          ),
        }),
        z.strictObject({
          role: z.literal('user'),
          content: z
            .array(
              z.strictObject({
                type: z.literal('tool_result'),
                tool_use_id: z.string().min(1),
                content: z.string(),
              }),
            )
            .min(1),
        }),
      ]),
    )
    .min(1),
  tools: z
    .array(z.strictObject({ name: z.string(), description: z.string(), input_schema: parameters }))
    .min(1)
    .optional(),
});

/** `POST /v1/chat/completions` with a bearer key, as vLLM and LiteLLM have it. Returns its origin. */
export function serveOpenAi(
  loopback: ReturnType<typeof createLoopback>,
  keys: readonly string[],
  write: Writer = writeAnswer,
) {
  const isKnown = ({ headers }: IncomingMessage) =>
    keys.some((key) => headers.authorization === `Bearer ${key}`);
  return loopback.serve(
    guarded('/v1/chat/completions', isKnown, async (request, response) => {
      const { messages, tools = [] } = openAiSchema.parse(await jsonBody(request));
      const [system, ...rest] = messages;
      const call = callTypeOf(system?.content ?? '');
      const lookUps = lookUpFor(
        call,
        rest,
        tools.map((tool) => tool.function.name),
      );
      const answer = lookUps.length > 0 ? '' : write(call, rest);
      await stream(response, [
        ...lookUps.flatMap(({ name, input }, index) => {
          const called = (part: object) =>
            frame({ choices: [{ delta: { tool_calls: [{ index, ...part }] }, finish_reason: null }] });
          const [first = '', ...others] = chunksOf(JSON.stringify(input));
          return [
            called({ id: `call_${index}_${name}`, type: 'function', function: { name, arguments: first } }),
            ...others.map((piece) => called({ function: { arguments: piece } })),
          ];
        }),
        ...chunksOf(answer).map((content) =>
          frame({ choices: [{ delta: { content }, finish_reason: null }] }),
        ),
        frame({ choices: [{ delta: {}, finish_reason: lookUps.length > 0 ? 'tool_calls' : 'stop' }] }),
        frame({ choices: [], usage: { prompt_tokens: 40, completion_tokens: 20 } }),
        'data: [DONE]\n\n',
      ]);
      response.end();
    }),
  );
}

/** `POST /v1/messages` with `x-api-key`. Returns its origin. */
export function serveAnthropic(loopback: ReturnType<typeof createLoopback>, keys: readonly string[]) {
  const isKnown = ({ headers }: IncomingMessage) =>
    headers['anthropic-version'] === '2023-06-01' && keys.some((key) => headers['x-api-key'] === key);
  return loopback.serve(
    guarded('/v1/messages', isKnown, async (request, response) => {
      const { system, messages, tools = [] } = anthropicSchema.parse(await jsonBody(request));
      const call = callTypeOf(system);
      const turns = messages.flatMap(plainTurns);
      const lookUps = lookUpFor(
        call,
        turns,
        tools.map(({ name }) => name),
      );
      const answer = lookUps.length > 0 ? '' : writeAnswer(call, turns);
      const events = [
        { type: 'message_start', message: { usage: { input_tokens: 40 } } },
        ...chunksOf(answer).map((text) => ({
          type: 'content_block_delta',
          delta: { type: 'text_delta', text },
        })),
        ...lookUps.flatMap(({ name, input }, index) => [
          {
            type: 'content_block_start',
            index: index + 1,
            content_block: { type: 'tool_use', id: `toolu_${index}_${name}`, name, input: {} },
          },
          ...chunksOf(JSON.stringify(input)).map((partial_json) => ({
            type: 'content_block_delta',
            index: index + 1,
            delta: { type: 'input_json_delta', partial_json },
          })),
          { type: 'content_block_stop', index: index + 1 },
        ]),
        {
          type: 'message_delta',
          delta: { stop_reason: lookUps.length > 0 ? 'tool_use' : 'end_turn' },
          usage: { output_tokens: 20 },
        },
        { type: 'message_stop' },
      ];
      await stream(
        response,
        events.map((event) => `event: ${event.type}\n${frame(event)}`),
      );
      response.end();
    }),
  );
}

/** What was said and what tools gave, as the writer reads turns. */
function plainTurns({
  role,
  content,
}: z.infer<typeof anthropicSchema>['messages'][number]): { role: string; content: string }[] {
  if (typeof content === 'string') return [{ role, content }];
  return content.map((part) => ({
    role: part.type === 'tool_result' ? 'tool' : role,
    content: part.type === 'tool_result' ? part.content : part.type === 'text' ? part.text : '',
  }));
}

function guarded(path: string, isKnown: (request: IncomingMessage) => boolean, answer: Answering): Answering {
  return async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'POST' || request.url !== path) return refuse(response, 404, 'No such path.');
    if (!isKnown(request)) return refuse(response, 401, 'Invalid key.');
    try {
      return await answer(request, response);
    } catch (error) {
      return refuse(response, 400, String(error));
    }
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message } }));
}

const systemPrompts = Object.entries(shippedConfig().prompts.systemPrompts);

/** These interfaces are not told the call type: the writer goes by its instructions, as any model does. */
function callTypeOf(system: string): CallType {
  const found = systemPrompts.find(([, prompt]) => system.includes(prompt))?.[0];
  return callTypeSchema.parse(found ?? 'test');
}

function chunksOf(text: string): string[] {
  return text.match(/[\s\S]{1,40}/g) ?? [];
}

function frame(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

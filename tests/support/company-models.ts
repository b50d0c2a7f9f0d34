import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { callTypeSchema, type CallType } from '../../src/lib/contracts/model-answer.ts';
import { writeAnswer } from '../../src/lib/sandbox/llm/practice-writer.ts';
import type { Answering, createLoopback } from './loopback.ts';
import { jsonBody, shippedConfig, stream } from './scripted-gateway.ts';

/** The practice writer behind the interfaces that the presets are for; each takes exactly what the real one does. */

const message = z.strictObject({ role: z.enum(['user', 'assistant', 'system']), content: z.string() });
const common = {
  model: z.string().min(1),
  temperature: z.number(),
  max_tokens: z.number().int().positive(),
  stream: z.literal(true),
};
const openAiSchema = z.strictObject({
  ...common,
  messages: z.array(message).min(2),
  stream_options: z.strictObject({ include_usage: z.literal(true) }),
});
const anthropicSchema = z.strictObject({
  ...common,
  system: z.string(),
  messages: z.array(message).min(1),
});

/** `POST /v1/chat/completions` with a bearer key, as vLLM and LiteLLM have it. Returns its origin. */
export function serveOpenAi(loopback: ReturnType<typeof createLoopback>, keys: readonly string[]) {
  const isKnown = ({ headers }: IncomingMessage) =>
    keys.some((key) => headers.authorization === `Bearer ${key}`);
  return loopback.serve(
    guarded('/v1/chat/completions', isKnown, async (request, response) => {
      const { messages } = openAiSchema.parse(await jsonBody(request));
      const [system, ...rest] = messages;
      const answer = writeAnswer(callTypeOf(system?.content ?? ''), rest);
      await stream(response, [
        ...chunksOf(answer).map((content) =>
          frame({ choices: [{ delta: { content }, finish_reason: null }] }),
        ),
        frame({ choices: [{ delta: {}, finish_reason: 'stop' }] }),
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
      const { system, messages } = anthropicSchema.parse(await jsonBody(request));
      const answer = writeAnswer(callTypeOf(system), messages);
      const events = [
        { type: 'message_start', message: { usage: { input_tokens: 40 } } },
        ...chunksOf(answer).map((text) => ({
          type: 'content_block_delta',
          delta: { type: 'text_delta', text },
        })),
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } },
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

import { AIMessage, ToolMessage, type BaseMessage, type InvalidToolCall } from '@langchain/core/messages';
import type { ToolCall } from '@langchain/core/messages/tool';
import { jsonrepair } from 'jsonrepair';
import type { ModelAnswer, PromptMessage, ToolRequest } from '../../../agent/ports.ts';

/** A turn of LangChain's as the model is told it. System messages are not turns. */
export function toPromptMessage(message: BaseMessage): PromptMessage {
  if (ToolMessage.isInstance(message)) {
    return { role: 'tool', content: message.text, requestId: message.tool_call_id, tool: message.name ?? '' };
  }
  if (!AIMessage.isInstance(message)) return { role: 'user', content: message.text };
  const toolRequests = (message.tool_calls ?? []).map(({ id = '', name, args }) => ({
    id,
    name,
    input: JSON.stringify(args),
  }));
  return { role: 'assistant', content: message.text, ...(toolRequests.length > 0 ? { toolRequests } : {}) };
}

/** What a model answered, as the fields of LangChain's message. */
export function answeredMessage({ text, cut, inputTokens, outputTokens, toolRequests = [] }: ModelAnswer) {
  const input_tokens = inputTokens ?? 0;
  const output_tokens = outputTokens ?? 0;
  const calls = toolRequests.map(toToolCall);
  return {
    content: text,
    tool_calls: calls.filter((call): call is ToolCall => call.type === 'tool_call'),
    invalid_tool_calls: calls.filter((call): call is InvalidToolCall => call.type === 'invalid_tool_call'),
    response_metadata: { finish_reason: cut ? 'length' : 'stop' },
    ...(inputTokens === null && outputTokens === null
      ? {}
      : { usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens } }),
  };
}

function toToolCall({ id, name, input }: ToolRequest): ToolCall | InvalidToolCall {
  const args =
    attempt(() => JSON.parse(input) as unknown) ?? attempt(() => JSON.parse(jsonrepair(input)) as unknown);
  return isObject(args)
    ? { type: 'tool_call', id, name, args }
    : { type: 'invalid_tool_call', id, name, args: input, error: 'The input is not a JSON object.' };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

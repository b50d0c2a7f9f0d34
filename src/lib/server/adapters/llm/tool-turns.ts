import type { PromptMessage, ToolRequest, ToolSpec } from '../../../agent/ports.ts';
import type { ToolForm } from '../../../contracts/config/config-file.ts';

/** The tools on offer, as the body of a request holds them under `tools`. */
export function toolsInForm(form: ToolForm, tools: readonly ToolSpec[]): unknown[] {
  return tools.map(({ name, description, parameters }) =>
    form.form === 'anthropic'
      ? { name, description, input_schema: parameters }
      : { type: 'function', function: { name, description, parameters } },
  );
}

/** The turns of a conversation in which tools were asked, as the interface takes them. Plain turns are the same in all. */
export function turnsInForm(form: ToolForm | undefined, messages: readonly PromptMessage[]): unknown[] {
  if (form?.form === 'anthropic') return anthropicTurns(messages);
  return messages.map((message) => {
    if (message.role === 'tool') return toolTurn(form, message);
    const { role, content } = message;
    const asked = message.role === 'assistant' ? (message.toolRequests ?? []) : [];
    if (asked.length === 0) return { role, content };
    return { role, content, tool_calls: asked.map((request) => callInForm(form, request)) };
  });
}

type ToolTurn = Extract<PromptMessage, { role: 'tool' }>;

function toolTurn(form: ToolForm | undefined, { content, requestId, tool }: ToolTurn): unknown {
  return form?.form === 'ollama'
    ? { role: 'tool', content, tool_name: tool }
    : { role: 'tool', content, tool_call_id: requestId };
}

function callInForm(form: ToolForm | undefined, { id, name, input }: ToolRequest): unknown {
  return form?.form === 'ollama'
    ? { function: { name, arguments: inputObject(input) } }
    : { id, type: 'function', function: { name, arguments: input } };
}

/** Results of one turn belong into one message of the user, or the interface refuses the request. */
function anthropicTurns(messages: readonly PromptMessage[]): unknown[] {
  const turns: { role: 'user' | 'assistant'; content: unknown }[] = [];
  let results: unknown[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      if (results.length === 0) turns.push({ role: 'user', content: results });
      results.push({ type: 'tool_result', tool_use_id: message.requestId, content: message.content });
      continue;
    }
    results = [];
    turns.push({ role: message.role, content: anthropicContent(message) });
  }
  return turns;
}

function anthropicContent(message: Exclude<PromptMessage, ToolTurn>): unknown {
  const asked = message.role === 'assistant' ? (message.toolRequests ?? []) : [];
  if (asked.length === 0) return message.content;
  // An empty text block is refused.
  const said = message.content === '' ? [] : [{ type: 'text', text: message.content }];
  return [
    ...said,
    ...asked.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input: inputObject(input) })),
  ];
}

function inputObject(input: string): object {
  try {
    const parsed: unknown = JSON.parse(input);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

import type { CallType } from '../../contracts/model-answer.ts';
import { parseBlocks, type PromptBlock } from '../../contracts/prompt-format.ts';
import type { ChatModel, ModelCall, ToolRequest } from '../ports.ts';

export interface ScriptedCall extends ModelCall {
  /** The blocks of the first message. */
  blocks: PromptBlock[];
  /** Text of the block with that name, or ''. */
  block(name: string): string;
}

/** What the remote model does with one call: answers, an object as JSON; or fails by throwing. */
export type Reply = (call: ScriptedCall) => unknown;

/** A reply that asks tools for something, after what it says. */
export class Asking {
  readonly said: string;
  readonly requests: ToolRequest[];
  constructor(said: string, requests: { name: string; input: unknown }[]) {
    this.said = said;
    this.requests = requests.map(({ name, input }, index) => ({
      id: `call-${index + 1}`,
      name,
      input: typeof input === 'string' ? input : JSON.stringify(input),
    }));
  }
}

export interface ScriptedModel extends ChatModel {
  calls: ScriptedCall[];
  callsOf(type: CallType): ScriptedCall[];
}

/** A reply that breaks off at the model's length limit. */
export class CutOff {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A remote model that follows a script: replies by call type, one after the other, the last one for ever. It streams
 * in small pieces. A call type without a script is an error of the test.
 */
export function scriptedModel(script: Partial<Record<CallType, Reply | Reply[]>>): ScriptedModel {
  const calls: ScriptedCall[] = [];
  const callsOf = (type: CallType) => calls.filter((call) => call.type === type);
  return {
    calls,
    callsOf,
    async complete(call) {
      const blocks = parseBlocks(call.messages[0]?.content ?? '');
      const scripted = {
        ...call,
        blocks,
        block: (name: string) => blocks.find((block) => block.name === name)?.text ?? '',
      };
      calls.push(scripted);
      const replies = [script[call.type] ?? []].flat();
      const reply = replies[Math.min(callsOf(call.type).length, replies.length) - 1];
      if (!reply) throw new Error(`The script has no answer to ${call.type}.`);
      const answer: unknown = await reply(scripted);
      const text = textOf(answer);
      for (const piece of text.match(/[\s\S]{1,16}/g) ?? []) call.onDelta?.(piece);
      const toolRequests = answer instanceof Asking ? answer.requests : [];
      const cut = answer instanceof CutOff;
      return { text, cut, inputTokens: null, outputTokens: null, toolRequests };
    },
  };
}

function textOf(answer: unknown): string {
  if (answer instanceof Asking) return answer.said;
  if (answer instanceof CutOff) return answer.text;
  return typeof answer === 'string' ? answer : JSON.stringify(answer);
}

/** Streams `text`, tells that it did, and then waits for ever: only a stop ends the call. */
export function stalling(text: string, onStalled: () => void): Reply {
  return (call) => {
    call.onDelta?.(text);
    onStalled();
    return new Promise(() => undefined);
  };
}

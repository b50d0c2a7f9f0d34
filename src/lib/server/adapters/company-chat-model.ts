import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseMessage } from '@langchain/core/messages';
import { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import type { ChatModel, ModelAnswer, PromptMessage } from '../../agent/ports.ts';
import type { CallType } from '../../contracts/model-answer.ts';

export { createChatModel } from './llm/chat-model.ts';

interface CompanyChatModelFields {
  /** The same caller that the agent's hot path uses, bound to one person. */
  model: ChatModel;
  /** Which system prompt, body and endpoint these calls are counted under. */
  callType?: CallType;
}

/**
 * The company's model as LangChain knows models, for what is built on LangChain. It has no tool calls of its own.
 * Errors are those of `ChatModel.complete`.
 */
export class CompanyChatModel extends BaseChatModel {
  readonly #model: ChatModel;
  readonly #callType: CallType;

  constructor({ model, callType = 'converse' }: CompanyChatModelFields) {
    super({});
    this.#model = model;
    this.#callType = callType;
  }

  override _llmType(): string {
    return 'company';
  }

  override async _generate(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const answer = await this.#complete(messages, options.signal, (delta) => {
      void runManager?.handleLLMNewToken(delta);
    });
    const message = new AIMessage({ content: answer.text, ...metadataOf(answer) });
    return { generations: [{ text: answer.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const arrived: string[] = [];
    let wake = () => {};
    const answer = this.#complete(messages, signal, (delta) => {
      arrived.push(delta);
      wake();
    });
    const over = answer.then(
      () => true,
      () => true,
    );
    try {
      for (let ended = false; !ended;) {
        ended =
          arrived.length === 0 &&
          (await Promise.race([over, new Promise<false>((resolve) => (wake = () => resolve(false)))]));
        for (let delta = arrived.shift(); delta !== undefined; delta = arrived.shift()) {
          yield chunkOf(delta);
          await runManager?.handleLLMNewToken(delta);
        }
      }
      yield chunkOf('', await answer);
    } finally {
      // A reader that leaves early stops the model.
      stop.abort();
    }
  }

  #complete(
    messages: BaseMessage[],
    signal: AbortSignal | undefined,
    onDelta: (delta: string) => void,
  ): Promise<ModelAnswer> {
    return this.#model.complete({
      type: this.#callType,
      system: messages
        .filter((message) => message.type === 'system')
        .map((message) => message.text)
        .join('\n\n'),
      messages: messages.filter((message) => message.type !== 'system').map(toPromptMessage),
      signal: signal ?? new AbortController().signal,
      onDelta,
    });
  }
}

function toPromptMessage(message: BaseMessage): PromptMessage {
  return { role: message.type === 'ai' ? 'assistant' : 'user', content: message.text };
}

function chunkOf(text: string, answer?: ModelAnswer): ChatGenerationChunk {
  const message = new AIMessageChunk({ content: text, ...(answer ? metadataOf(answer) : {}) });
  return new ChatGenerationChunk({ text, message });
}

function metadataOf({ cut, inputTokens, outputTokens }: ModelAnswer) {
  const input_tokens = inputTokens ?? 0;
  const output_tokens = outputTokens ?? 0;
  return {
    response_metadata: { finish_reason: cut ? 'length' : 'stop' },
    ...(inputTokens === null && outputTokens === null
      ? {}
      : { usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens } }),
  };
}

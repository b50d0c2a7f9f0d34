import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import type { BaseChatModelCallOptions, BindToolsInput } from '@langchain/core/language_models/chat_models';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseMessage } from '@langchain/core/messages';
import { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import type { ChatModel, ModelAnswer, ToolSpec } from '../../agent/ports.ts';
import type { CallType } from '../../contracts/model-answer.ts';
import { answeredMessage, toPromptMessage } from './llm/langchain-messages.ts';

export { createChatModel } from './llm/chat-model.ts';

interface CompanyChatModelFields {
  /** The same caller that the agent's hot path uses, bound to one person. */
  model: ChatModel;
  /** Which system prompt, body and endpoint these calls are counted under. */
  callType?: CallType;
  /** Told each piece of text as it comes, in order and at once, which LangChain's callbacks do not promise. */
  onDelta?: (delta: string) => void;
}

export interface CompanyCallOptions extends BaseChatModelCallOptions {
  tools?: ToolSpec[];
}

/**
 * The company's model as LangChain knows models, for what is built on LangChain. Tools that are bound to it are offered
 * to the model where its dialect has a form for them, and never otherwise. Errors are those of `ChatModel.complete`.
 */
export class CompanyChatModel extends BaseChatModel<CompanyCallOptions> {
  readonly #model: ChatModel;
  readonly #callType: CallType;
  readonly #onDelta: (delta: string) => void;

  constructor({ model, callType = 'converse', onDelta = () => {} }: CompanyChatModelFields) {
    super({});
    this.#model = model;
    this.#callType = callType;
    this.#onDelta = onDelta;
  }

  override _llmType(): string {
    return 'company';
  }

  override bindTools(tools: BindToolsInput[], options: Partial<CompanyCallOptions> = {}) {
    return this.withConfig({ ...options, tools: tools.map(toToolSpec) });
  }

  override async _generate(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const answer = await this.#complete(messages, options, (delta) => {
      void runManager?.handleLLMNewToken(delta);
    });
    return { generations: [{ text: answer.text, message: new AIMessage(answeredMessage(answer)) }] };
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
    const answer = this.#complete(messages, { ...options, signal }, (delta) => {
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
          yield chunkOf({ content: delta });
          await runManager?.handleLLMNewToken(delta);
        }
      }
      yield chunkOf({ ...answeredMessage(await answer), content: '' });
    } finally {
      // A reader that leaves early stops the model.
      stop.abort();
    }
  }

  #complete(
    messages: BaseMessage[],
    { signal, tools }: Pick<CompanyCallOptions, 'signal' | 'tools'>,
    onDelta: (delta: string) => void,
  ): Promise<ModelAnswer> {
    return this.#model.complete({
      type: this.#callType,
      system: messages
        .filter((message) => message.type === 'system')
        .map((message) => message.text)
        .join('\n\n'),
      messages: messages.filter((message) => message.type !== 'system').map(toPromptMessage),
      ...(tools && tools.length > 0 ? { tools } : {}),
      signal: signal ?? new AbortController().signal,
      onDelta: (delta) => {
        this.#onDelta(delta);
        onDelta(delta);
      },
    });
  }
}

function toToolSpec(tool: BindToolsInput): ToolSpec {
  const { name, description = '', parameters = {} } = convertToOpenAITool(tool).function;
  return { name, description, parameters };
}

function chunkOf(
  fields: ConstructorParameters<typeof AIMessageChunk>[0] & { content: string },
): ChatGenerationChunk {
  return new ChatGenerationChunk({ text: fields.content, message: new AIMessageChunk(fields) });
}

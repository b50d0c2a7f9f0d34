import type { ChatModel, Clock, ModelAnswer, ModelCall } from '../../../agent/ports.ts';
import { UpstreamError } from '../../errors/app-error.ts';
import type { ConfigStore } from '../../settings/config-store.ts';
import type { OutgoingHttp, TlsTrust } from '../http/outgoing-request.ts';
import type { Breakers } from '../resilience.ts';
import type { AnswerReader } from './answer-reader.ts';
import { createAnswerReader } from './answer-reader.ts';
import { cutBeforeText, declined, errorInside, nothingReadable, quotable } from './answer-problems.ts';
import type { ModelPerson } from './model-request.ts';
import { buildModelRequest, type ModelRequest } from './model-request.ts';
import type { OpenedAnswer } from './open-answer.ts';
import { openAnswer } from './open-answer.ts';

/** Where one person's model is and with what it lets them in. */
export interface ModelCredential {
  url: string;
  /** Null where the model asks for none. */
  secret: string | null;
  tls: TlsTrust;
}

export interface ChatModelDeps {
  http: OutgoingHttp;
  breakers: Breakers;
  configStore: Pick<ConfigStore, 'current'>;
  clock: Clock;
}

export interface ChatModelUser extends ModelPerson {
  /** Asked for before each call, so that a credential that was replaced counts at once. */
  credential(): Promise<ModelCredential>;
}

/**
 * The company's model for one person. No framework object is made per token: bytes are read, parsed and passed on, one
 * `onDelta` for each piece that the network brings.
 *
 * An answer that breaks off after its first word resolves with `cut`. Everything else that is wrong rejects with an
 * UpstreamError that says what and what to do; a stop rejects with the signal's reason.
 */
export function createChatModel(deps: ChatModelDeps, user: ChatModelUser): ChatModel {
  return {
    async complete(call: ModelCall): Promise<ModelAnswer> {
      call.signal.throwIfAborted();
      const product = deps.configStore.current();
      const { url, secret, tls } = await user.credential();
      const request = buildModelRequest(product, url, secret, user, call);
      const opened = await openAnswer(deps, {
        request,
        tls,
        limits: product.config.llm,
        requestId: user.requestId,
        signal: call.signal,
      });
      const reader = createAnswerReader(request.dialect);
      const { text, broken } = await readAnswer(opened, reader, call);
      return answerOf(text, broken, reader, { ...request, offersTools: call.tools !== undefined });
    },
  };
}

/** No story is this long. What comes after it is cut off, so that a model that cannot stop fills no memory. */
const LONGEST_ANSWER_CHARACTERS = 2_000_000;

/** Reads to the end. `broken`: what cut the body off, if anything did. */
async function readAnswer(
  opened: OpenedAnswer,
  reader: AnswerReader,
  { signal, onDelta }: ModelCall,
): Promise<{ text: string; broken: UpstreamError | null }> {
  let text = '';
  const take = (delta: string) => {
    if (delta === '') return;
    text += delta;
    onDelta?.(delta);
  };
  try {
    for await (const chunk of opened.body) {
      signal.throwIfAborted();
      take(reader.read(chunk));
      if (reader.state.done || reader.state.error || text.length > LONGEST_ANSWER_CHARACTERS) break;
    }
    take(reader.finish());
    return { text, broken: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UpstreamError)) throw error;
    return { text, broken: error };
  } finally {
    opened.release();
  }
}

function answerOf(
  text: string,
  broken: UpstreamError | null,
  reader: AnswerReader,
  { dialect, secrets, offersTools }: Pick<ModelRequest, 'dialect' | 'secrets'> & { offersTools: boolean },
): ModelAnswer {
  const { state } = reader;
  if (state.error) throw errorInside(state.error, secrets);
  if (state.refusal !== '' || meansRefusal(state.finishReason))
    throw declined(quotable(state.refusal, secrets));
  if (broken && text === '') throw broken;
  const endIsSaid = dialect.doneMarker !== undefined || dialect.donePath !== undefined;
  const endWasSaid = state.done || state.finishReason !== null;
  const brokeOff = broken !== null || (endIsSaid && !endWasSaid);
  // What a model asks for in an answer that broke off may be half of it.
  const toolRequests = offersTools && !brokeOff ? reader.toolRequests() : [];
  if (text === '' && toolRequests.length === 0)
    throw brokeOff && state.malformed === 0 ? cutBeforeText() : nothingReadable(dialect, state);
  return {
    text,
    cut: brokeOff || meansCut(state.finishReason) || text.length > LONGEST_ANSWER_CHARACTERS,
    inputTokens: state.inputTokens,
    outputTokens: state.outputTokens,
    ...(toolRequests.length === 0 ? {} : { toolRequests }),
  };
}

/** As OpenAI, Anthropic, Gemini, Ollama and vLLM name it. */
function meansCut(finishReason: string | null): boolean {
  return (
    finishReason !== null &&
    /^(length|max_?tokens|model_length|model_context_window_exceeded)$/i.test(finishReason)
  );
}

function meansRefusal(finishReason: string | null): boolean {
  return (
    finishReason !== null &&
    /^(refusal|content_filter(ed)?|safety|blocked|prohibited_content|guardrail_intervened)$/i.test(
      finishReason,
    )
  );
}

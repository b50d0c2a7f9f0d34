import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import type { StructuredToolInterface } from '@langchain/core/tools';
import { GraphRecursionError } from '@langchain/langgraph';
import type { Conversation } from '../conversation.ts';
import { systemPrompt } from '../model/ask-model.ts';
import { untilAborted } from '../model/until-aborted.ts';
import type { RunContext, RunInput, ToolModel } from '../ports.ts';
import type { Answer } from './answer.ts';
import { questionPrompt } from './question-prompt.ts';
import { createReadingLog } from './reading-log.ts';
import { readingTools } from './reading-tools.ts';

export interface ResearchLimits {
  /** Times that the model is asked for one answer. */
  rounds: number;
  readings: number;
  /** For all of it, in milliseconds. */
  totalMs: number;
}

export const researchLimits: ResearchLimits = { rounds: 7, readings: 10, totalMs: 180_000 };

/** Of the model's window: the question with its conversation, and what tools read. The rest is for the answer. */
const PROMPT_SHARE = 0.5;
const READING_SHARE = 0.3;
const LONGEST_ANSWER = 20_000;
/** Characters of all that the model says on its way to the answer. */
const LONGEST_STREAM = 80_000;

/**
 * Lets the model look things up with the person's reading tools until it answers, streamed. Null where the model
 * cannot ask for tools, no tool is offered, or it came to nothing: the question is then answered in the fixed way.
 * At a limit the answer says so and names what was read. Rejects only with the reason of the run's signal.
 */
export async function answerWithTools(
  context: RunContext,
  conversation: Conversation,
  input: Extract<RunInput, { kind: 'message' }>,
  limits: ResearchLimits = researchLimits,
): Promise<Answer | null> {
  const { toolModel, backlog, settings } = context;
  const offered = toolModel ? await backlog.readable() : [];
  if (!toolModel || offered.length === 0) return null;

  const log = createReadingLog();
  const inTime = AbortSignal.any([context.signal, AbortSignal.timeout(limits.totalMs)]);
  const stream = answerStream(context);
  const tools = readingTools(offered, {
    context,
    log,
    signal: inTime,
    limits: { readings: limits.readings, tokens: settings.contextTokens * READING_SHARE },
  });
  const ended = (text: string): Answer => {
    stream.end(null);
    return {
      messageId: stream.id,
      text: text.slice(0, LONGEST_ANSWER),
      cut: text.length > LONGEST_ANSWER,
      read: log.all(),
    };
  };
  try {
    const agent = await compileReader(toolModel, stream.push, tools, systemPrompt(settings, 'converse'));
    const question = questionPrompt(context, conversation, input, { share: PROMPT_SHARE });
    const work = agent.invoke(
      { messages: [new HumanMessage(question)] },
      { signal: inTime, recursionLimit: 2 * limits.rounds },
    );
    const { messages } = await untilAborted(work, inTime);
    const text = finalText(messages);
    if (text !== '') return ended(text);
  } catch (error) {
    if (context.signal.aborted) {
      stream.end({ cut: true });
      throw context.signal.reason;
    }
    if (error instanceof GraphRecursionError || inTime.aborted) return ended(UNFINISHED);
    context.warn(error, 'A question could not be answered with tools; it is answered from one search');
  }
  // Whatever is wrong with the model itself, the fixed way meets too, and tells.
  stream.end({ cut: false });
  return null;
}

const UNFINISHED =
  'I looked around and did not come to an answer within what one question may take. Ask for less at a time, or name the issue or page.';

/** LangChain's agent over these tools and no others. It keeps no checkpoint: the conversation's graph has its own. */
export async function compileReader(
  toolModel: ToolModel,
  onDelta: (delta: string) => void,
  tools: StructuredToolInterface[],
  system: string,
) {
  // Loaded with the first question: nothing else needs it.
  const { createAgent } = await import('langchain');
  return createAgent({ model: toolModel(onDelta), tools, systemPrompt: system, checkpointer: false });
}

function finalText(messages: readonly BaseMessage[]): string {
  const last = messages.at(-1);
  return last && AIMessage.isInstance(last) ? last.text.trim() : '';
}

/** The answer while it comes. What the model says between two readings streams too; the message replaces it all. */
function answerStream({ tokens, ids }: RunContext) {
  const id = ids.next();
  let text = '';
  let open = true;
  return {
    id,
    push(delta: string) {
      if (!open || text.length > LONGEST_STREAM) return;
      text += delta;
      tokens.push(id, 'message', delta);
    },
    /** Null: a message of that id follows. Else it stays as what was cut, or goes. */
    end(without: { cut: boolean } | null) {
      if (!open) return;
      open = false;
      if (text === '' && without !== null) return;
      if (without === null) tokens.end(id, 'message', { text: null, cut: false });
      else tokens.end(id, 'message', { text: without.cut ? text : '', cut: without.cut });
    },
  };
}

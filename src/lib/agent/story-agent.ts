import { Command, INTERRUPT, isInterrupted } from '@langchain/langgraph';
import { openCheckpoints } from './checkpoints.ts';
import { buildGraph, type Loan, type StoryGraph, type WaitingNode } from './graph.ts';
import type { RunContext, RunInput, RunOutcome } from './ports.ts';
import { inputKey, takeInput, type State } from './state.ts';

export { openConflicts, takeTheirs } from './merge/choose-side.ts';
export { estimateTokens } from './prompts/tokens.ts';
export { boundedMatch } from './rules/bounded-match.ts';
export { sampleStory } from './rules/sample-story.ts';
export { sampleInFormat } from './rules/sample-in-format.ts';
export { bypass, bypassableRules, checkRules, keepBypasses, ruleSettingGroups } from './rules/index.ts';

export interface StoryAgent {
  /**
   * Works until the person is needed or nothing is left to do. It finds out by itself whether the conversation is
   * new, waits at an interrupt (which the input then resumes) or broke off midway (the input then starts anew from
   * what was kept). The same input again is safe: stories are not drafted twice, issues not created twice, and
   * where it had already come to rest, it only says so again.
   *
   * Rejects with the signal's reason when stopped, else with the very error of the port that failed. Answers and
   * approvals that name another than the open interrupt reject with `InterruptClosed`. One run a conversation at a
   * time: the caller sees to it.
   */
  run(input: RunInput, context: RunContext): Promise<RunOutcome>;
  /** Deletes all that is remembered of a conversation. */
  forget(conversationId: string): Promise<void>;
  close(): void;
}

/** The question or review was answered before, or never asked. */
export class InterruptClosed extends Error {
  override name = 'InterruptClosed';
  readonly code = 'interrupt_closed';
}

export function createStoryAgent({ checkpointFile }: { checkpointFile: string }): StoryAgent {
  const checkpoints = openCheckpoints(checkpointFile);
  const graph = buildGraph(checkpoints.saver);
  return {
    async run(input, context) {
      const threadId = context.conversationId;
      const before = await standing(graph, threadId);
      if ((before.waitsAt || before.atEnd) && before.state.inputKey === inputKey(input))
        return restedAt(before);
      if (before.waitsAt && input.kind !== 'message' && input.interruptId !== before.state.interruptId) {
        throw new InterruptClosed('This was answered already. Look at the newest question or review.');
      }
      try {
        const rested = await drive(
          graph,
          threadId,
          before.waitsAt ? new Command({ resume: input.kind }) : takeInput(input),
          { run: context, input },
        );
        return restedAt(rested);
      } finally {
        checkpoints.prune(threadId);
      }
    },
    forget: (conversationId) => checkpoints.forget(conversationId),
    close: () => checkpoints.close(),
  };
}

/** More steps than the longest way through the graph: each split round may be followed by every repair. */
const MAX_STEPS = 60;

async function drive(
  graph: StoryGraph,
  threadId: string,
  start: Parameters<StoryGraph['invoke']>[0],
  lent: Omit<Loan, 'fail'>,
): Promise<Rested> {
  let failure: { error: unknown } | null = null;
  const loan: Loan = { ...lent, fail: (error) => (failure ??= { error }) };
  try {
    const values: State = await graph.invoke(start, {
      configurable: { thread_id: threadId },
      context: { ...loan },
      // Written once when the run rests: a crash midway goes back to the last interrupt.
      durability: 'exit',
      recursionLimit: MAX_STEPS,
    });
    const open = isInterrupted<keyof typeof waitingNodes>(values) ? values[INTERRUPT][0]?.value : undefined;
    return { state: values, waitsAt: open ? waitingNodes[open] : null };
  } catch (error) {
    throw (failure as { error: unknown } | null)?.error ?? error;
  }
}

/** The nodes that wait, by what they tell LangGraph when they begin to. */
const waitingNodes = { clarify: 'await_answers', review: 'await_review' } as const satisfies Record<
  string,
  WaitingNode
>;

interface Rested {
  state: State;
  waitsAt: WaitingNode | null;
}

interface Standing extends Rested {
  /** Nothing is left to do: it neither waits nor broke off. */
  atEnd: boolean;
}

async function standing(graph: StoryGraph, threadId: string): Promise<Standing> {
  const snapshot = await graph.getState({ configurable: { thread_id: threadId } });
  // A node that failed is `next` as well; only one that waits has an interrupt.
  const task = snapshot.tasks.find(({ interrupts }) => interrupts.length > 0);
  const waitsAt = task?.name === 'await_answers' || task?.name === 'await_review' ? task.name : null;
  return { state: snapshot.values as State, waitsAt, atEnd: snapshot.next.length === 0 };
}

function restedAt({ state, waitsAt }: Rested): RunOutcome {
  const { interruptId, questions, reviewIds } = state;
  if (waitsAt === 'await_answers')
    return { end: 'waiting', interrupt: { kind: 'clarify', interruptId, questions } };
  if (waitsAt === 'await_review')
    return { end: 'waiting', interrupt: { kind: 'review', interruptId, draftIds: reviewIds } };
  return { end: 'completed' };
}

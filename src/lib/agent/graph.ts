import {
  Command,
  END,
  interrupt,
  isGraphBubbleUp,
  START,
  StateGraph,
  type BaseCheckpointSaver,
  type LangGraphRunnableConfig,
} from '@langchain/langgraph';
import * as edges from './edges.ts';
import { NoUsableAnswer } from './model/no-usable-answer.ts';
import { inNodeSpan } from './node-span.ts';
import { clarify, takeAnswers } from './nodes/clarify.ts';
import { converse } from './nodes/converse.ts';
import { createIssues } from './nodes/create-issues.ts';
import { draft } from './nodes/draft.ts';
import { gather, isWorthGathering } from './nodes/gather.ts';
import { refine } from './nodes/refine.ts';
import { repair } from './nodes/repair.ts';
import { review } from './nodes/review.ts';
import { split } from './nodes/split.ts';
import { understand } from './nodes/understand.ts';
import { validate } from './nodes/validate.ts';
import type { RunContext, RunInput } from './ports.ts';
import { say } from './say.ts';
import { StoryState, takeInput, type State, type Update } from './state.ts';

/**
 * What one run lends to the nodes. It travels as LangGraph's runtime context, which is never written to a checkpoint.
 */
export interface Loan {
  run: RunContext;
  input: RunInput;
  /** Takes the error that ended the run. What LangGraph catches it stores, and an error may hold what must not be kept. */
  fail(error: unknown): void;
}

/**
 * The conversation as a graph. Nodes that wait are nodes of their own: a node starts from its top when it is resumed. Each
 * names the next by its edge: LangGraph's own conditional edges would cost each step a third more before the first token.
 */
export function buildGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(StoryState)
    .addNode(
      'understand',
      node(async (state, loan) => {
        const understood = await understand(state, loan.run, inputOf(loan, 'message'));
        return { ...understood, gathers: await isWorthGathering(state, loan.run, loan.input) };
      }, edges.afterUnderstand),
      { ends: ['gather', 'clarify', 'draft', 'refine', 'converse', 'review'] },
    )
    .addNode(
      'gather',
      node((state, { run, input }) => gather(state, run, input), edges.afterGather),
      { ends: ['clarify', 'draft', 'refine', 'converse'] },
    )
    .addNode(
      'clarify',
      node((state, { run }) => clarify(state, run), edges.afterClarify),
      { ends: ['await_answers', 'draft'] },
    )
    .addNode('await_answers', waiting(awaitAnswers, edges.afterAwaitAnswers), { ends: ['gather'] })
    .addNode(
      'draft',
      node((state, { run }) => draft(state, run), edges.afterWriting),
      { ends: ['validate', 'review'] },
    )
    .addNode(
      'refine',
      node((state, loan) => refine(state, loan.run, inputOf(loan, 'message')), edges.afterWriting),
      { ends: ['validate', 'review'] },
    )
    .addNode(
      'converse',
      node((state, loan) => converse(state, loan.run, inputOf(loan, 'message')), edges.toReview),
      { ends: ['review'] },
    )
    .addNode(
      'validate',
      node((state, { run }) => validate(state, run), edges.afterValidate),
      { ends: ['repair', 'split', 'review'] },
    )
    .addNode(
      'repair',
      node((state, { run }) => repair(state, run), edges.toValidate),
      { ends: ['validate'] },
    )
    .addNode(
      'split',
      node((state, { run }) => split(state, run), edges.toValidate),
      { ends: ['validate'] },
    )
    .addNode(
      'review',
      node((state, { run }) => review(state, run), edges.afterReview),
      { ends: ['await_review', END] },
    )
    .addNode('await_review', waiting(awaitReview, edges.afterAwaitReview), {
      ends: ['understand', 'create_issues'],
    })
    .addNode(
      'create_issues',
      node((state, loan) => createIssues(state, loan.run, inputOf(loan, 'approval')), edges.toReview),
      { ends: ['review'] },
    )
    .addConditionalEdges(START, edges.afterStart, ['understand', 'gather', 'create_issues'])
    .compile({ checkpointer });
}

export type StoryGraph = ReturnType<typeof buildGraph>;

/** Nodes where the graph rests until a person speaks. */
export type WaitingNode = 'await_answers' | 'await_review';

function awaitAnswers(state: State, { input }: Loan): Update {
  interrupt('clarify');
  return { ...takeInput(input), ...takeAnswers(state, input) };
}

function awaitReview(_state: State, { input }: Loan): Update {
  interrupt('review');
  return takeInput(input);
}

/** Where a state leads; `end` where nothing is left to do. */
type Edge<Next extends string> = (state: State) => Next;

function node<Next extends string>(
  work: (state: State, loan: Loan) => Update | Promise<Update>,
  edge: Edge<Next>,
) {
  return async (state: State, config: LangGraphRunnableConfig) => {
    const loan = loanOf(config);
    try {
      loan.run.signal.throwIfAborted();
      return onward(state, await inNodeSpan(config, async () => work(state, loan)), edge);
    } catch (error) {
      if (isGraphBubbleUp(error)) throw error;
      if (error instanceof NoUsableAnswer) {
        say(loan.run, error.message);
        return onward(state, { stuck: true }, edge);
      }
      loan.fail(error);
      // Without its cause: LangGraph writes what is thrown here into the checkpoint, and a cause may hold secrets.
      // eslint-disable-next-line preserve-caught-error
      throw new Error('The run ended early.');
    }
  };
}

/**
 * A waiting node neither fails nor heeds a stop: an error written beside its interrupt would leave unclear whether the
 * question is still open. The node after it stops the run.
 */
function waiting<Next extends string>(work: (state: State, loan: Loan) => Update, edge: Edge<Next>) {
  return (state: State, config: LangGraphRunnableConfig) => onward(state, work(state, loanOf(config)), edge);
}

/** The update, and the node that follows it. What is kept is replaced, so the state after it needs no reducer. */
function onward<Next extends string>(state: State, update: Update, edge: Edge<Next>) {
  const next = edge({ ...state, ...update } as State);
  return new Command({ update, goto: next === 'end' ? END : next });
}

function loanOf({ context }: LangGraphRunnableConfig): Loan {
  if (!context) throw new Error('A node ran without its run context.');
  return context as Loan;
}

/** The edges lead to such a node with such an input only. */
function inputOf<K extends RunInput['kind']>({ input }: Loan, kind: K): Extract<RunInput, { kind: K }> {
  if (input.kind !== kind) throw new Error(`This step takes a run's ${kind}, not its ${input.kind}.`);
  return input as Extract<RunInput, { kind: K }>;
}

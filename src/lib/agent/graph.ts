import {
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
import { gather } from './nodes/gather.ts';
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

/** The conversation as a graph. Nodes that wait are nodes of their own: a node starts from its top when it is resumed. */
export function buildGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(StoryState)
    .addNode(
      'understand',
      node((state, loan) => understand(state, loan.run, inputOf(loan, 'message'))),
    )
    .addNode(
      'gather',
      node((state, { run, input }) => gather(state, run, input)),
    )
    .addNode(
      'clarify',
      node((state, { run }) => clarify(state, run)),
    )
    .addNode('await_answers', waiting(awaitAnswers))
    .addNode(
      'draft',
      node((state, { run }) => draft(state, run)),
    )
    .addNode(
      'refine',
      node((state, loan) => refine(state, loan.run, inputOf(loan, 'message'))),
    )
    .addNode(
      'converse',
      node((state, loan) => converse(state, loan.run, inputOf(loan, 'message'))),
    )
    .addNode(
      'validate',
      node((state, { run }) => validate(state, run)),
    )
    .addNode(
      'repair',
      node((state, { run }) => repair(state, run)),
    )
    .addNode(
      'split',
      node((state, { run }) => split(state, run)),
    )
    .addNode(
      'review',
      node((state, { run }) => review(state, run)),
    )
    .addNode('await_review', waiting(awaitReview))
    .addNode(
      'create_issues',
      node((state, loan) => createIssues(state, loan.run, inputOf(loan, 'approval'))),
    )
    .addConditionalEdges(START, edges.afterStart, ['understand', 'gather', 'create_issues'])
    .addConditionalEdges('understand', edges.afterUnderstand, ['gather', 'review'])
    .addConditionalEdges('gather', edges.afterGather, ['clarify', 'draft', 'refine', 'converse'])
    .addConditionalEdges('clarify', edges.afterClarify, ['await_answers', 'draft'])
    .addEdge('await_answers', 'gather')
    .addConditionalEdges('draft', edges.afterWriting, ['validate', 'review'])
    .addConditionalEdges('refine', edges.afterWriting, ['validate', 'review'])
    .addConditionalEdges('validate', edges.afterValidate, ['repair', 'split', 'review'])
    .addEdge('repair', 'validate')
    .addEdge('split', 'validate')
    .addEdge('converse', 'review')
    .addConditionalEdges('review', edges.afterReview, { await_review: 'await_review', end: END })
    .addConditionalEdges('await_review', edges.afterAwaitReview, ['understand', 'create_issues'])
    .addEdge('create_issues', 'review')
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

function node(work: (state: State, loan: Loan) => Update | Promise<Update>) {
  return async (state: State, config: LangGraphRunnableConfig): Promise<Update> => {
    const loan = loanOf(config);
    try {
      loan.run.signal.throwIfAborted();
      return await inNodeSpan(config, async () => work(state, loan));
    } catch (error) {
      if (isGraphBubbleUp(error)) throw error;
      if (error instanceof NoUsableAnswer) {
        say(loan.run, error.message);
        return { stuck: true };
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
function waiting(work: (state: State, loan: Loan) => Update) {
  return (state: State, config: LangGraphRunnableConfig): Update => work(state, loanOf(config));
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

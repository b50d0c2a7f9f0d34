import { Annotation } from '@langchain/langgraph';
import type { ClarifyQuestion } from '../contracts/clarification.ts';
import type { UnderstandAnswer } from '../contracts/model-answer.ts';
import type { RunInput } from './ports.ts';

/**
 * What a conversation's graph remembers from run to run: ids, numbers and short texts. Everything else is read anew
 * through the ports. No JSON that a model or a person wrote goes in here: a checkpoint that holds foreign objects
 * may be impossible to read ever after.
 */
export const StoryState = Annotation.Root({
  /** The input that was taken last, as `inputKey` names it. */
  inputKey: keep(''),
  inputKind: keep<RunInput['kind']>('message'),
  /** What new drafts of this input are numbered under. */
  inputId: keep(''),
  intent: keep<UnderstandAnswer['intent']>('requirement'),
  /** Something is linked, or earlier turns have grown long: worth a step of its own. */
  gathers: keep(true),
  /** The drafts that an instruction is about; empty means all. */
  targetIds: keep<string[]>([]),
  /** The message that holds the requirement in work, and messages that answered a question about it. */
  requirementIds: keep<string[]>([]),
  /** The requirement's questions were answered or skipped: no more are asked. */
  clarified: keep(false),
  /** The drafts in work: checked, mended, split. */
  draftIds: keep<string[]>([]),
  /** Where the checks of the drafts in work lead. */
  afterChecks: keep<'repair' | 'split' | 'review'>('review'),
  repairRounds: keep(0),
  splitRounds: keep(0),
  /** The model gave nothing usable; the person was told, and nothing was changed. */
  stuck: keep(false),
  /** The open interrupt, clarify or review; kept after it was answered. */
  interruptId: keep(''),
  questions: keep<ClarifyQuestion[]>([]),
  reviewIds: keep<string[]>([]),
  /** Questions asked so far in this conversation. */
  asked: keep(0),
  /** Older turns in short, up to and with the message `summaryUpTo`. */
  summary: keep(''),
  summaryUpTo: keep(''),
});

export type State = typeof StoryState.State;
export type Update = typeof StoryState.Update;

/** Names an input: the same input again, after a crash, has the same key. */
export function inputKey(input: RunInput): string {
  return `${input.kind}:${inputId(input)}`;
}

export function inputId(input: RunInput): string {
  if (input.kind === 'message') return input.messageId;
  return input.kind === 'answers' ? input.interruptId : input.approvalId;
}

/** The state's part that every input sets, whether it starts a run or resumes one. */
export function takeInput(input: RunInput): Update {
  return {
    inputKey: inputKey(input),
    inputKind: input.kind,
    inputId: inputId(input),
    clarified: input.kind === 'answers',
    stuck: false,
    repairRounds: 0,
    splitRounds: 0,
  };
}

/** The id of the nth new draft of an input: the same in a repeated run, so that nothing is drafted twice. */
export function newDraftId(state: Pick<State, 'inputId'>, ordinal: number): string {
  return `${state.inputId}-${ordinal}`;
}

/** Whether a draft, or the story that it was split from, was drafted for this input. */
export function isDraftOf({ inputId }: Pick<State, 'inputId'>, draftId: string): boolean {
  return draftId.startsWith(`${inputId}-`);
}

function keep<T>(initial: T) {
  return Annotation<T>({ reducer: (_, next) => next, default: () => initial });
}

import type { State } from './state.ts';

/** Where the graph goes next. Pure: each edge reads the state and nothing else. */

/** A run that does not resume an interrupt. Answers and approvals come here when their first run broke off midway. */
export function afterStart({ inputKind }: Pick<State, 'inputKind'>) {
  if (inputKind === 'answers') return 'gather';
  return inputKind === 'approval' ? 'create_issues' : 'understand';
}

/** A yes in words creates nothing: the person was told which button does. */
export function afterUnderstand(state: Pick<State, 'intent' | 'clarified' | 'gathers'>) {
  if (state.intent === 'approval') return 'review';
  // A step costs most of a millisecond before the first token.
  return state.gathers ? 'gather' : afterGather(state);
}

export function afterGather({ intent, clarified }: Pick<State, 'intent' | 'clarified'>) {
  if (clarified) return 'draft';
  if (intent === 'requirement') return 'clarify';
  return intent === 'instruction' ? 'refine' : 'converse';
}

export function afterClarify({ questions }: Pick<State, 'questions'>) {
  return questions.length > 0 ? 'await_answers' : 'draft';
}

export function afterAwaitAnswers() {
  return 'gather' as const;
}

/** After drafting or refining: what changed is checked; where nothing came, what is there is shown again. */
export function afterWriting({ stuck }: Pick<State, 'stuck'>) {
  return stuck ? 'review' : 'validate';
}

export function afterValidate({ afterChecks }: Pick<State, 'afterChecks'>) {
  return afterChecks;
}

export function toValidate() {
  return 'validate' as const;
}

export function toReview() {
  return 'review' as const;
}

export function afterReview({ reviewIds }: Pick<State, 'reviewIds'>) {
  return reviewIds.length > 0 ? 'await_review' : 'end';
}

export function afterAwaitReview({ inputKind }: Pick<State, 'inputKind'>) {
  return inputKind === 'approval' ? 'create_issues' : 'understand';
}

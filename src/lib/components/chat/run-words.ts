import type { ConversationState } from '../conversation-view.ts';

/**
 * What a screen reader is told about the agent: one sentence for each state, the same as long as the state lasts.
 * Tokens never change it.
 */
export function announcement(state: ConversationState): string {
  const { openClarification, openReview, running, lastEnd } = state;
  if (openClarification) return `${countInWords(openClarification.questions.length, 'question')} for you.`;
  if (running) return newestStep(state) ?? 'The agent is at work.';
  if (openReview) {
    const stories = openReview.draftIds.length;
    return `${stories === 1 ? '1 story is' : `${stories} stories are`} ready for your review.`;
  }
  if (lastEnd?.end === 'failed')
    return `The agent stopped: ${lastEnd.problem?.message ?? 'something went wrong.'}`;
  if (lastEnd?.end === 'stopped') return 'Stopped. What was written is kept.';
  if (lastEnd?.end === 'interrupted') return 'The work was interrupted. It can be continued.';
  return lastEnd ? 'The agent is done.' : '';
}

/** "One question", "Two questions". */
export function countInWords(count: number, noun: string): string {
  const number = ['No', 'One', 'Two', 'Three'][count] ?? String(count);
  return `${number} ${noun}${count === 1 ? '' : 's'}`;
}

function newestStep({ timeline, running }: ConversationState): string | null {
  const work = timeline.findLast((entry) => entry.kind === 'work' && entry.runId === running?.runId);
  const step = work?.kind === 'work' ? work.steps.findLast(({ state }) => state === 'started') : undefined;
  return step ? `${step.label}.` : null;
}

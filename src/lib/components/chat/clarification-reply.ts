import type { ClarifyAnswer, ClarifyQuestion } from '$lib/contracts/clarification';

/** What a person has put down for one question so far. */
export interface Reply {
  chosen: string[];
  text: string;
  skipped: boolean;
}

export const noReply: Reply = { chosen: [], text: '', skipped: false };

/** Presses or releases a suggestion. Answering takes a skip back. */
export function toggleSuggestion(reply: Reply, suggestion: string): Reply {
  const chosen = reply.chosen.includes(suggestion)
    ? reply.chosen.filter((other) => other !== suggestion)
    : [...reply.chosen, suggestion];
  return { ...reply, chosen, skipped: false };
}

/** The answer to one question, or null while there is none: nothing chosen, nothing typed, not skipped. */
export function answerOf({ id }: ClarifyQuestion, reply: Reply): ClarifyAnswer | null {
  if (reply.skipped) return { questionId: id, text: null };
  const parts = [...reply.chosen, reply.text.trim()].filter((part) => part !== '');
  return parts.length === 0 ? null : { questionId: id, text: parts.join('; ').slice(0, 4_000) };
}

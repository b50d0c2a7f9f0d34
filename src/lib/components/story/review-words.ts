import type { StoryDraft } from '$lib/contracts/story';
import type { ConversationState } from '../conversation-view.ts';
import { readinessOf } from './draft-readiness.ts';

/** "Creates 2 Stories and 1 Bug in DEMO". */
export function postingSentence(drafts: readonly StoryDraft[]): string {
  const projects = [...new Set(drafts.flatMap(({ posting }) => posting?.projectKey ?? []))];
  const counts = new Map<string, number>();
  for (const { content, posting } of drafts) {
    const type = posting?.issueType ?? content.issueType;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const types = [...counts].map(([type, count]) => `${count} ${count === 1 ? type : pluralOf(type)}`);
  return `Creates ${inWords(types)} in ${inWords(projects)}`;
}

/** What of the chosen stories waits: empty where nothing does. */
export function unreadySentence(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? 'One more is chosen and not ready yet; its card says why.'
    : `${count} more are chosen and not ready yet; their cards say why.`;
}

/** Why no story can be approved at the moment, in a sentence; null when some can. */
export function whyNothingIsReady(conversation: ConversationState, ready: number): string | null {
  if (ready > 0) return null;
  const { running, openClarification, openReview, drafts } = conversation;
  if (openClarification) return 'Answer the questions in the conversation first.';
  if (running) return 'The agent is still at work.';
  const blocked = Object.values(drafts).flatMap((draft) => {
    const readiness = readinessOf(draft, openReview);
    return readiness.state === 'blocked' ? [readiness.reason] : [];
  });
  if (blocked.length === 0) return 'Nothing is left to approve.';
  if (openReview || Object.values(drafts).some(({ status }) => status === 'failed'))
    return blocked[0] ?? null;
  return 'There is no open review. Continue the work, or say what to change.';
}

function pluralOf(type: string): string {
  return /[^aeiou]y$/i.test(type) ? `${type.slice(0, -1)}ies` : `${type}s`;
}

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

import type { StoryDraft } from '$lib/contracts/story';
import type { ConversationState } from '../conversation-view.ts';

export type Readiness =
  | { state: 'ready' }
  /** It could be approved once `reason` is settled. */
  | { state: 'blocked'; reason: string }
  /** It is past approval: split, on its way, or created. */
  | { state: 'settled' };

/** Whether a story can be approved now, and if not, what is missing, in a sentence. */
export function readinessOf(draft: StoryDraft, review: ConversationState['openReview']): Readiness {
  if (draft.status !== 'proposed' && draft.status !== 'failed') return { state: 'settled' };
  if (!review?.draftIds.includes(draft.id)) {
    const reason =
      draft.status === 'failed'
        ? 'What Jira did not take can be tried again on its card.'
        : 'It is not up for review yet.';
    return { state: 'blocked', reason };
  }
  if (!draft.posting)
    return {
      state: 'blocked',
      reason: draft.problem?.message ?? 'What will be posted is being prepared.',
    };
  const [missing, ...others] = draft.posting.missingFields;
  if (!missing) return { state: 'ready' };
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return { state: 'blocked', reason: `Jira requires ${missing.name}${more}. Fill it in on the card.` };
}

/**
 * Whether a person chooses here if a story is part of what they approve. That does not pass while a change to it is
 * prepared: the choice stays where it was, and counts once the story is ready.
 */
export function isChoosable(
  draft: StoryDraft,
  { openReview, running }: Pick<ConversationState, 'openReview' | 'running'>,
): boolean {
  if (readinessOf(draft, openReview).state === 'ready') return true;
  return draft.status === 'proposed' && (openReview !== null || running !== null);
}

/** The stories that can be approved now. */
export function readyDrafts({
  drafts,
  openReview,
}: Pick<ConversationState, 'drafts' | 'openReview'>): StoryDraft[] {
  return Object.values(drafts)
    .filter((draft) => readinessOf(draft, openReview).state === 'ready')
    .sort((a, b) => a.position - b.position);
}

/** Stories that count as work: not the parents whose children carry it. */
export function countedDrafts(drafts: ConversationState['drafts']): StoryDraft[] {
  return Object.values(drafts).filter(({ status }) => status !== 'split' && status !== 'discarded');
}

/** The rules that a story breaks, as sentences. */
export function brokenRules({ rules }: StoryDraft): string[] {
  return rules.flatMap(({ outcome, name, message }) => (outcome === 'violation' ? [message ?? name] : []));
}

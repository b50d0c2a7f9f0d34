import type { Problem } from '../../../contracts/problem.ts';
import type { ExtraFields, Posting, SimilarIssue, StoryDraft } from '../../../contracts/story.ts';
import type { DraftOutcome } from '../../repositories/draft-repository.ts';

/** A draft with what creation needs besides of its newest version. */
export interface DraftForCreation {
  draft: StoryDraft;
  projectKey: string;
  markerLabel: string;
  extraFields: ExtraFields;
}

/** The drafts as creation reads and writes them. Every write publishes `draft_saved` to the conversation. */
export interface CreationDrafts {
  /** Live drafts in order: not the discarded ones. */
  list(conversationId: string): Promise<StoryDraft[]>;
  forCreation(conversationId: string, draftIds: readonly string[]): Promise<DraftForCreation[]>;
  /** Nothing happens when the draft has a newer version by now. Without a posting it cannot be approved. */
  savePosting(
    draftId: string,
    version: number,
    prepared: { posting: Posting | null; similar: SimilarIssue[]; problem: Problem | null },
  ): Promise<void>;
  /** What is left out stays as it is. */
  saveOutcome(draftId: string, outcome: DraftOutcome): Promise<void>;
}

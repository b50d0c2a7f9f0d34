import { and, eq, inArray } from 'drizzle-orm';
import type { NewRunEvent } from '../../contracts/run-event.ts';
import type { DraftStatus } from '../../contracts/story.ts';
import { storyDrafts } from '../db/schema/index.ts';
import { draftOf, draftsWhere } from './draft-rows.ts';
import type { Statements } from './transaction.ts';

/** What a person was shown when they said yes. */
export interface ApprovedDraft {
  draftId: string;
  version: number;
  hash: string;
}

/** Why an approval does not hold, and for which draft. */
export type DraftsNotAsShown = {
  outcome: 'draft_missing' | 'draft_changed' | 'draft_unprepared' | 'draft_incomplete' | 'draft_settled';
  draftId: string;
  summary: string;
};

/** Drafts that may still be approved: not yet on their way to Jira, and not split into others. */
const approvable: readonly DraftStatus[] = ['proposed', 'failed'];

/** The first draft that is not exactly what was shown, or null when all of them are. */
export function draftsNotAsShown(
  tx: Statements,
  conversationId: string,
  shown: readonly ApprovedDraft[],
): DraftsNotAsShown | null {
  for (const { draftId, version, hash } of shown) {
    const draft = draftOf(tx, conversationId, draftId)?.draft;
    const refusal = (outcome: DraftsNotAsShown['outcome']) => ({
      outcome,
      draftId,
      summary: draft?.content.summary ?? '',
    });
    if (!draft || draft.status === 'discarded') return refusal('draft_missing');
    if (!approvable.includes(draft.status)) return refusal('draft_settled');
    if (draft.version !== version) return refusal('draft_changed');
    if (draft.posting === null) return refusal('draft_unprepared');
    if (draft.posting.hash !== hash) return refusal('draft_changed');
    if (draft.posting.missingFields.length > 0) return refusal('draft_incomplete');
  }
  return null;
}

/** Marks drafts as approved, and returns the events that show it. */
export function approveDrafts(
  tx: Statements,
  conversationId: string,
  draftIds: string[],
  at: number,
): NewRunEvent[] {
  const named = and(eq(storyDrafts.conversationId, conversationId), inArray(storyDrafts.id, draftIds));
  tx.update(storyDrafts).set({ status: 'approved', problem: null, updatedAt: at }).where(named).run();
  return draftsWhere(tx, named).map(({ draft }) => ({ type: 'draft_saved', body: { draft } }));
}

import { ConflictError } from '../../errors/app-error.ts';
import type { Approval } from '../../repositories/approval-repository.ts';
import type { CreationIntent } from '../../repositories/creation-intent-repository.ts';
import type { CreationDrafts } from './creation-drafts.ts';
import type { IntentJournal } from './intent-journal.ts';

/**
 * Makes sure that each approved story has its intent, and returns them in the order of the approval. Safe to repeat:
 * an intent is recorded once. ConflictError `approval_stale`, with nothing recorded, where what was approved is not
 * what would be posted.
 */
export async function recordIntents(
  deps: {
    intents: Pick<IntentJournal, 'record' | 'byApproval'>;
    drafts: Pick<CreationDrafts, 'forCreation'>;
    ids: { next(): string };
  },
  { id: approvalId, conversationId, userId, drafts: approved }: Approval,
): Promise<CreationIntent[]> {
  const { intents, drafts, ids } = deps;
  const found = await drafts.forCreation(
    conversationId,
    approved.map(({ draftId }) => draftId),
  );
  const fresh = approved.flatMap(({ draftId, version: draftVersion, hash }) => {
    const posting = found.find(({ draft }) => draft.id === draftId)?.draft.posting;
    // The approval was checked against this hash when it was given; anything else is not what was shown.
    if (!posting || posting.hash !== hash) return [];
    return [{ id: ids.next(), approvalId, conversationId, userId, draftId, draftVersion, payload: posting }];
  });
  if (fresh.length < approved.length && (await intents.byApproval(approvalId)).length === 0) {
    throw new ConflictError('approval_stale', 'A draft changed after it was approved. Nothing was created.', {
      hint: 'Look at the drafts and approve again.',
    });
  }
  await intents.record(fresh);
  const place = ({ draftId }: CreationIntent) => approved.findIndex((draft) => draft.draftId === draftId);
  return (await intents.byApproval(approvalId)).sort((a, b) => place(a) - place(b));
}

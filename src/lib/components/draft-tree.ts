import type { StoryDraft } from '../contracts/story.ts';
import type { ConversationState } from './conversation-view.ts';

/** A story with what it was split into, in the order of the screen. */
export interface DraftNode {
  draft: StoryDraft;
  children: DraftNode[];
}

/** The drafts as a tree. A draft whose parent is not shown stands at the top. */
export function draftTree(drafts: ConversationState['drafts']): DraftNode[] {
  const byPosition = Object.values(drafts).sort(
    (a, b) => a.position - b.position || a.id.localeCompare(b.id),
  );
  const nodesUnder = (parentId: string | null): DraftNode[] =>
    byPosition
      .filter(
        (draft) => (draft.parentId !== null && draft.parentId in drafts ? draft.parentId : null) === parentId,
      )
      .map((draft) => ({ draft, children: nodesUnder(draft.id) }));
  return nodesUnder(null);
}

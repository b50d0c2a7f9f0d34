import type { StoryContent, StoryDraft } from '../../contracts/story.ts';
import type { DraftBook, DraftVersion, Ids } from '../ports.ts';

export interface MemoryDraftBook extends DraftBook {
  drafts: StoryDraft[];
  /** A person's edit: a new version. */
  edit(draftId: string, edit: Partial<StoryContent>): void;
  setStatus(draftId: string, status: StoryDraft['status']): void;
}

/** The draft book's promises, kept in memory. */
export function memoryDraftBook(ids: Ids): MemoryDraftBook {
  const drafts: StoryDraft[] = [];
  const versions = new Map<string, DraftVersion[]>();
  const byId = (draftId: string) => {
    const draft = drafts.find(({ id }) => id === draftId);
    if (!draft) throw new Error(`There is no draft ${draftId}.`);
    return draft;
  };
  const addVersion = (draft: StoryDraft, author: DraftVersion['author'], content: StoryContent) => {
    Object.assign(draft, { author, content, version: draft.version + 1, posting: null });
    versions.set(draft.id, [...(versions.get(draft.id) ?? []), { version: draft.version, author, content }]);
  };
  return {
    drafts,
    async list() {
      const live = drafts.filter(({ status }) => status !== 'discarded');
      return structuredClone(live.sort((a, b) => a.position - b.position));
    },
    async history(_conversationId, draftId) {
      return structuredClone(versions.get(draftId) ?? []);
    },
    async save(conversationId, _runId, proposals) {
      for (const { draftId, baseVersion } of proposals) {
        if (draftId === undefined || baseVersion === undefined || byId(draftId).version <= baseVersion)
          continue;
        throw Object.assign(new Error('A newer version exists.'), { code: 'draft_overtaken' });
      }
      return proposals.map(({ draftId, newDraftId, content, rules, conflicts, parentId, position }) => {
        const id = draftId ?? newDraftId ?? ids.next();
        let draft = drafts.find((candidate) => candidate.id === id);
        if (!draft) {
          draft = newDraft({ id, conversationId, parentId, position, content });
          drafts.push(draft);
        }
        addVersion(draft, 'agent', structuredClone(content));
        draft.rules = rules;
        draft.conflicts = conflicts ?? [];
        return structuredClone(draft);
      });
    },
    async markSplit(_conversationId, _runId, draftId) {
      byId(draftId).status = 'split';
    },
    edit(draftId, edit) {
      const draft = byId(draftId);
      addVersion(draft, 'person', { ...structuredClone(draft.content), ...edit });
    },
    setStatus(draftId, status) {
      byId(draftId).status = status;
    },
  };
}

function newDraft(
  draft: Pick<StoryDraft, 'id' | 'conversationId' | 'parentId' | 'position' | 'content'>,
): StoryDraft {
  return {
    ...draft,
    version: 0,
    status: 'proposed',
    author: 'agent',
    rules: [],
    posting: null,
    similar: [],
    conflicts: [],
    issue: null,
    intentId: null,
    problem: null,
  };
}

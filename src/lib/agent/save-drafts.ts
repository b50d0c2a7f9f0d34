import type { StoryContent, StoryDraft } from '../contracts/story.ts';
import { workable } from './conversation.ts';
import { rootPosition } from './draft-order.ts';
import { openConflicts } from './merge/choose-side.ts';
import { mergeDrafts, withoutEdits } from './merge/merge-drafts.ts';
import type { DraftProposal, RunContext } from './ports.ts';
import { checkRules, keepBypasses } from './rules/index.ts';
import { newDraftId, type State } from './state.ts';

export interface Rewrite {
  draftId: string;
  content: StoryContent;
}

/**
 * Saves rewritten drafts, each merged with what the person made of it up to this very moment. Drafts that can no
 * longer change (discarded, approved meanwhile) are left alone. `kept` says in sentences where the person's words
 * stayed against the model's.
 */
export async function saveRewrites(
  context: RunContext,
  rewrites: Rewrite[],
): Promise<{ saved: StoryDraft[]; kept: string[] }> {
  for (let attempt = 1; ; attempt += 1) {
    context.signal.throwIfAborted();
    const current = workable(await context.drafts.list(context.conversationId));
    const kept: string[] = [];
    const proposals: DraftProposal[] = [];
    for (const { draftId, content } of rewrites) {
      const draft = current.find(({ id }) => id === draftId);
      if (!draft) continue;
      const base =
        withoutEdits(await context.drafts.history(context.conversationId, draftId), context.ids.next) ??
        draft.content;
      const merged = mergeDrafts(base, draft.content, content, context.ids.next);
      kept.push(...merged.kept);
      if (merged.conflicts.length === 0 && sameContent(merged.content, draft.content)) continue;
      proposals.push({
        ...proposalOf(context, merged.content, draft),
        draftId,
        baseVersion: draft.version,
        conflicts: openConflicts([...draft.conflicts, ...merged.conflicts], merged.content),
      });
    }
    try {
      return { saved: await saveProposals(context, proposals), kept };
    } catch (error) {
      if (!isOvertaken(error) || attempt >= MAX_MERGES) throw error;
    }
  }
}

/** A person cannot type faster than this; it only ends a loop that should not be. */
const MAX_MERGES = 10;

/**
 * Saves new stories after the existing ones, under the ids of this input, so that a repeated run saves them once. A
 * story that the person discarded before the run was repeated is not brought back: it is proposed as a new one.
 */
export async function saveNewStories(
  context: RunContext,
  state: Pick<State, 'inputId'>,
  contents: StoryContent[],
): Promise<StoryDraft[]> {
  const drafts = await context.drafts.list(context.conversationId);
  const proposals = contents.map((content, index) =>
    proposalOf(context, content, { parentId: null, position: rootPosition(drafts, index + 1) }),
  );
  try {
    return await saveProposals(
      context,
      proposals.map((proposal, index) => ({ ...proposal, newDraftId: newDraftId(state, index + 1) })),
    );
  } catch (error) {
    if (codeOf(error) !== 'draft_missing') throw error;
    return saveProposals(context, proposals);
  }
}

export async function saveProposals(context: RunContext, proposals: DraftProposal[]): Promise<StoryDraft[]> {
  if (proposals.length === 0) return [];
  return context.drafts.save(context.conversationId, context.runId, proposals);
}

/** What the draft book keeps of one story, checked against the rules. */
export function proposalOf(
  { settings }: Pick<RunContext, 'settings'>,
  content: StoryContent,
  {
    parentId,
    position,
    rules: before = [],
  }: Pick<DraftProposal, 'parentId' | 'position'> & Partial<Pick<DraftProposal, 'rules'>>,
): DraftProposal {
  const { projectKey, format } = settings;
  const place = { projectKey, sections: format.sections, isChild: parentId !== null };
  const rules = keepBypasses(checkRules(content, settings.rules, place), before);
  return { parentId, position, content, rules };
}

function sameContent(a: StoryContent, b: StoryContent): boolean {
  return canonical(a) === canonical(b);
}

function canonical(content: StoryContent): string {
  return JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The person edited, discarded or approved a draft while it was being rewritten: look again, then save what still fits. */
export function isOvertaken(error: unknown): boolean {
  return ['draft_overtaken', 'draft_missing', 'draft_settled'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

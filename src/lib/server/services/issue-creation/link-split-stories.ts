import type { Logger } from 'pino';
import type { Problem } from '../../../contracts/problem.ts';
import type { StoryDraft } from '../../../contracts/story.ts';
import type { CreationDrafts } from './creation-drafts.ts';
import type { IssueDesk } from './issue-desk.ts';

interface LinkDeps {
  desk: Pick<IssueDesk, 'getIssue' | 'linkInOrder'>;
  drafts: Pick<CreationDrafts, 'list' | 'saveOutcome'>;
  log: Logger;
}

/**
 * Stories of one parent are worked on in order: each blocks the next. Only neighbours are linked, once both are issues,
 * so that a story which comes later finds its place. Safe to repeat. A link that fails does not undo an issue.
 */
export async function linkSplitStories(
  { desk, drafts, log }: LinkDeps,
  { conversationId, draftIds }: { conversationId: string; draftIds: readonly string[] },
): Promise<void> {
  const all = await drafts.list(conversationId);
  const parents = new Set(all.filter(({ id }) => draftIds.includes(id)).map(({ parentId }) => parentId));
  for (const parentId of parents) {
    if (parentId === null) continue;
    const family = all.filter((draft) => draft.parentId === parentId && draft.status !== 'split');
    family.sort((a, b) => a.position - b.position);
    for (const [index, story] of family.entries()) await linkToNext(story, family[index + 1]);
  }

  async function linkToNext(story: StoryDraft, next: StoryDraft | undefined): Promise<void> {
    if (!story.issue || !next?.issue) return;
    const [from, to] = [story.issue.key, next.issue.key];
    try {
      const known = await desk.getIssue(from);
      if (!known?.linkedKeys.includes(to)) await desk.linkInOrder(from, to);
      if (story.problem?.code === notLinkedCode) await drafts.saveOutcome(story.id, { problem: null });
    } catch (error) {
      log.warn({ err: error, from, to }, 'Two split stories were not linked');
      await drafts.saveOutcome(story.id, { problem: notLinked(to) });
    }
  }
}

const notLinkedCode = 'issue_not_linked';

function notLinked(key: string): Problem {
  return {
    code: notLinkedCode,
    message: `The issue was created, but could not be linked to ${key}.`,
    hint: 'Link the two in Jira.',
    retryable: false,
  };
}

import type { RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import type { State, Update } from '../state.ts';

/**
 * Makes ready what will be posted of every open story, and opens the review; without open stories there is none. What
 * Jira refused is tried again from its card, and is open again once it was changed.
 */
export async function review(_state: State, context: RunContext): Promise<Update> {
  const { conversationId, runId, signal } = context;
  const draftIds = (await context.drafts.list(conversationId)).flatMap(({ id, status }) =>
    status === 'proposed' ? [id] : [],
  );
  if (draftIds.length === 0) return { reviewIds: [] };
  await inStep(
    context,
    'review',
    `Preparing what will be posted of ${count(draftIds.length, 'story', 'stories')}`,
    () => context.tracker.prepare({ conversationId, runId, draftIds, signal }),
    () => `Ready to review: ${count(draftIds.length, 'story', 'stories')}`,
  );
  return { reviewIds: draftIds, interruptId: context.ids.next() };
}

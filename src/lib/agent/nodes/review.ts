import { workable } from '../conversation.ts';
import type { RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import type { State, Update } from '../state.ts';

/** Makes ready what will be posted of every open story, and opens the review; without open stories there is none. */
export async function review(_state: State, context: RunContext): Promise<Update> {
  const { conversationId, runId, signal } = context;
  const draftIds = workable(await context.drafts.list(conversationId)).map(({ id }) => id);
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

import type { DraftVersionPage } from '$lib/contracts/draft-version';
import type { Problem } from '$lib/contracts/problem';

/** A page of a story's versions, before one of them or the newest. Never rejects. */
export async function readVersions(
  conversationId: string,
  draftId: string,
  before: number | null,
): Promise<{ page: DraftVersionPage } | { problem: Problem }> {
  const query = before === null ? '' : `?before=${before}`;
  const answer = await fetch(`/creator/${conversationId}/drafts/${draftId}/versions${query}`).catch(
    () => null,
  );
  const told: unknown = await answer?.json().catch(() => null);
  if (answer?.ok && told) return { page: told as DraftVersionPage };
  return { problem: (told as { problem?: Problem } | null)?.problem ?? unanswered };
}

const unanswered: Problem = {
  code: 'unreachable',
  message: 'The versions could not be read.',
  hint: 'Try again in a moment.',
  retryable: true,
};

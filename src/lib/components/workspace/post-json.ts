import type { Problem } from '$lib/contracts/problem';

export type Posted = { ok: true } | { ok: false; problem: Problem };

/** Posts to an endpoint of this product. Never rejects: what did not work comes back as a problem. */
export async function postJson(path: string, body: unknown): Promise<Posted> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer?.ok) return { ok: true };
  const told = (await answer?.json().catch(() => null)) as { problem?: Problem } | null;
  return { ok: false, problem: told?.problem ?? unanswered };
}

const unanswered: Problem = {
  code: 'unreachable',
  message: 'The server could not be reached. Nothing was changed.',
  hint: 'Try again in a moment.',
  retryable: true,
};

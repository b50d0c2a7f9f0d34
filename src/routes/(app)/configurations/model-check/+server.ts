import type { ModelFinding } from '$lib/contracts/model-check';
import { lineReply } from '../../../line-reply';
import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

/**
 * Checks the person's model. Answers one JSON a line as the checks are done: a finding, or `{problem}` as the last
 * line where the check could not go on. Leaving the page ends it.
 */
export const POST: RequestHandler = async ({ locals, request }) => {
  const { requestId } = locals;
  const left = new AbortController();
  const signal = AbortSignal.any([request.signal, left.signal]);
  let findings: AsyncIterable<ModelFinding>;
  try {
    findings = locals.services.modelCheck.run(signedIn(locals).actor, signal);
  } catch (error) {
    return reply(requestId, () => Promise.reject(error));
  }
  return lineReply({
    requestId,
    async work(write) {
      for await (const finding of findings) write(finding);
    },
    onLeft: () => left.abort(),
  });
};

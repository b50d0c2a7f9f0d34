import type { ModelFinding } from '$lib/contracts/model-check';
import { problemOf } from '$lib/server/errors/problem-of';
import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

/**
 * Checks the person's model. Answers one JSON a line as the checks are done: a finding, or `{problem}` as the last
 * line where the check could not go on. Leaving the page ends it.
 */
export const POST: RequestHandler = async ({ locals, request }) => {
  const left = new AbortController();
  const signal = AbortSignal.any([request.signal, left.signal]);
  let findings: AsyncIterable<ModelFinding>;
  try {
    findings = locals.services.modelCheck.run(signedIn(locals).actor, signal);
  } catch (error) {
    return reply(locals.requestId, () => Promise.reject(error));
  }
  const lines = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (line: object) =>
        !signal.aborted && controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      try {
        for await (const finding of findings) write(finding);
      } catch (error) {
        write({ problem: problemOf(error, locals.requestId) });
      }
      if (!left.signal.aborted) controller.close();
    },
    cancel: () => left.abort(),
  });
  // A proxy that gathers an answer before it passes it on would hide the progress.
  const headers = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store, no-transform' };
  return new Response(lines, { headers: { ...headers, 'x-accel-buffering': 'no' } });
};

const encoder = new TextEncoder();

import { connectionTestRequestSchema, type ConnectionTestLine } from '$lib/contracts/connection';
import { answer, readJson } from '../../../json-reply';
import { lineReply } from '../../../line-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

/**
 * Tests a connection as it is stored. Answers one JSON a line: its steps whenever one of them changes, then the result,
 * or `{problem}` where there could be none. A test goes on to its end when the page is left, and is kept.
 */
export const POST: RequestHandler = ({ locals, request }) =>
  answer(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const { kind } = await readJson(request, connectionTestRequestSchema);
    return lineReply({
      requestId: locals.requestId,
      async work(write) {
        const tell = (line: ConnectionTestLine) => write(line);
        tell({ test: await locals.services.configuration.test(actor, kind, (steps) => tell({ steps })) });
      },
    });
  });

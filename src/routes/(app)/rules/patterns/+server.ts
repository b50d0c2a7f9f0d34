import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

/** The pattern rules in force for this person, in the form that the rules page imports. */
export const GET: RequestHandler = ({ locals }) =>
  reply(locals.requestId, async () => {
    const { effective } = await locals.services.workspace.rules(signedIn(locals).actor);
    return { backlogueRules: 1, patterns: effective.patterns };
  });

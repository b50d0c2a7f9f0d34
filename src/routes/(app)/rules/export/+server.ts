import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

/** The person's rules, formats and prompts, in the form that the rules page imports. */
export const GET: RequestHandler = ({ locals }) =>
  reply(locals.requestId, () => locals.services.workspace.exportWriting(signedIn(locals).actor));

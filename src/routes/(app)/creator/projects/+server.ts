import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

/** The projects that the person's Jira token can see. */
export const GET: RequestHandler = ({ locals }) =>
  reply(locals.requestId, async () => ({
    projects: await locals.services.workspace.projects(signedIn(locals).actor),
  }));

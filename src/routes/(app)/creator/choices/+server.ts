import { z } from 'zod';
import { projectKeySchema } from '$lib/contracts/story';
import { parseForm } from '../../../form-reply';
import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import { projectChoices } from '../composer-choices';
import type { RequestHandler } from './$types';

const querySchema = z.object({ project: projectKeySchema });

/** Issue types and epics of `?project=`, for the composer's chips. */
export const GET: RequestHandler = ({ locals, url }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const { project } = parseForm(querySchema, Object.fromEntries(url.searchParams));
    return projectChoices(locals.services.workspace, actor, project);
  });

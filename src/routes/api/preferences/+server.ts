import { z } from 'zod';
import { preferenceSchemas, type PreferenceKey } from '$lib/contracts/preferences';
import { parseForm } from '../../form-reply';
import { readJson, reply } from '../../json-reply';
import { signedIn } from '../../signed-in';
import type { RequestHandler } from './$types';

const keys = Object.keys(preferenceSchemas) as PreferenceKey[];
const bodySchema = z.object({ key: z.enum(keys), value: z.unknown() });

export const POST: RequestHandler = ({ locals, request }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const { key, value } = await readJson(request, bodySchema);
    await locals.services.preferences.set(actor, key, parseForm(preferenceSchemas[key], value));
    return { kept: true };
  });

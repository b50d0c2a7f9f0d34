import { z } from 'zod';
import { eraseFormSchema } from '$lib/contracts/account';
import { parseForm } from '../../../form-reply';
import { formAction } from '../../form-action';
import { administered } from '../administered';
import type { Actions, PageServerLoad } from './$types';

/** What cannot be read in an address counts as not given: an old bookmark still opens. */
const querySchema = z.object({
  search: z.string().max(200).catch('').default(''),
  status: z.enum(['all', 'active', 'disabled']).catch('all').default('all'),
  page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1),
});
const personFormSchema = z.object({ userId: z.string().min(1).max(64) });

export const load: PageServerLoad = ({ locals, url }) =>
  administered(locals, url, async (actor) => {
    const query = querySchema.parse(Object.fromEntries(url.searchParams));
    return {
      ...(await locals.services.administration.users.list(actor, query)),
      query,
      own: { userId: actor.userId, employeeId: actor.employeeId },
    };
  });

export const actions: Actions = {
  disable: changePerson('disable'),
  enable: changePerson('enable'),
  endSessions: changePerson('endSessions'),
  erase: formAction(async ({ actor, fields, locals }) => {
    const { userId } = parseForm(personFormSchema, fields);
    const { erasePassword } = parseForm(eraseFormSchema, fields);
    await locals.services.administration.users.erase(actor, userId, { currentPassword: erasePassword });
    return { done: 'erase' as const };
  }),
};

function changePerson(change: 'disable' | 'enable' | 'endSessions') {
  return formAction(async ({ actor, fields, locals }) => {
    const { userId } = parseForm(personFormSchema, fields);
    await locals.services.administration.users[change](actor, userId);
    return { done: change };
  });
}

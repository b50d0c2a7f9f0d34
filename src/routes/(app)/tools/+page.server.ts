import { z } from 'zod';
import { parseForm } from '../../form-reply';
import { guardPage } from '../../signed-in';
import { formAction } from '../form-action';
import type { Actions, PageServerLoad } from './$types';

const jobFormSchema = z.object({ jobId: z.string().min(1).max(64) });

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('app:jobs');
  const { actor } = guardPage(locals, url);
  const [catalogs, jobs] = await Promise.all([
    locals.services.tools.list(actor),
    locals.services.jobs.list(actor),
  ]);
  return { catalogs, jobs, channelUrl: locals.services.system.channel().url };
};

export const actions: Actions = {
  refresh: formAction(async ({ actor, locals }) => {
    await locals.services.tools.refresh(actor);
    return { done: 'refresh' as const };
  }),
  retry: formAction(async ({ actor, fields, locals }) => {
    await locals.services.jobs.retry(actor, parseForm(jobFormSchema, fields).jobId);
    return { done: 'retry' as const };
  }),
  cancel: formAction(async ({ actor, fields, locals }) => {
    await locals.services.jobs.cancel(actor, parseForm(jobFormSchema, fields).jobId);
    return { done: 'cancel' as const };
  }),
};

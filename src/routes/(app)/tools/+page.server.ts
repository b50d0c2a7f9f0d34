import { z } from 'zod';
import { parseForm, readForm, refuse, textFields } from '../../form-reply';
import { guardPage, signedIn } from '../../signed-in';
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
  refresh: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      await locals.services.tools.refresh(signedIn(locals).actor);
      return { done: 'refresh' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  retry: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { jobId } = parseForm(jobFormSchema, textFields(form));
      await locals.services.jobs.retry(signedIn(locals).actor, jobId);
      return { done: 'retry' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  cancel: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { jobId } = parseForm(jobFormSchema, textFields(form));
      await locals.services.jobs.cancel(signedIn(locals).actor, jobId);
      return { done: 'cancel' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
};

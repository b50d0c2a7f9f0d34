import { redirect } from '@sveltejs/kit';
import { signInFormSchema } from '$lib/contracts/account';
import { parseForm, readForm, refuse, textFields } from '../../form-reply';
import { nextPage } from '../../next-page';
import { originOf } from '../origin';
import type { Actions, PageServerLoad } from './$types';

/** Why somebody stands before this page. */
const notices: Record<string, { tone: 'info' | 'good' | 'warn'; text: string }> = {
  expired: {
    tone: 'warn',
    text: 'You were signed out because you had been quiet for a while. Everything that was saved is there.',
  },
  signed_out: { tone: 'good', text: 'You are signed out.' },
  erased: { tone: 'good', text: 'Your account and everything that was yours here are deleted.' },
  ended: { tone: 'warn', text: 'This session was ended from another place. Sign in again to go on.' },
  registered: { tone: 'good', text: 'Your account is ready. Sign in with the password that you just chose.' },
  password_reset: { tone: 'good', text: 'Your new password is set. Sign in with it.' },
};

export const load: PageServerLoad = ({ locals, url }) => {
  const notice = notices[url.searchParams.get('because') ?? ''];
  // With a reason the page stays: a browser whose clock runs ahead would otherwise be sent back and forth.
  if (locals.session && !notice) redirect(303, nextPage(url));
  return {
    notice: notice ?? null,
    login: url.searchParams.get('login') ?? '',
    practice: locals.services.system.mode() === 'practice',
  };
};

export const actions: Actions = {
  default: async (event) => {
    const { locals, request, url } = event;
    const form = await readForm(request, locals);
    try {
      const input = parseForm(signInFormSchema, textFields(form));
      const { cookie } = await locals.services.session.signIn(input, originOf(event), locals.session);
      locals.setSession(cookie);
    } catch (error) {
      return refuse(error, form, locals);
    }
    redirect(303, nextPage(url));
  },
};

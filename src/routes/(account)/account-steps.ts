import { redirect, type RequestEvent } from '@sveltejs/kit';
import { registerPasswordFormSchema, registerTokenFormSchema } from '$lib/contracts/account';
import { parseForm, readForm, refuse, textFields } from '../form-reply';
import { attemptCookie } from './attempt-cookie';
import { originOf } from './origin';

type Purpose = 'register' | 'reset';

const FIRST_STEP = { register: '/register', reset: '/forgot' } as const;
const SECOND_STEP = { register: '/register/person', reset: '/forgot/person' } as const;
const DONE = { register: 'registered', reset: 'password_reset' } as const;

/** Step one: whose token it is. Leads to step two. */
export async function proveToken(event: RequestEvent, purpose: Purpose) {
  const { locals, cookies, request, url } = event;
  const form = await readForm(request, locals);
  try {
    const { jiraToken } = parseForm(registerTokenFormSchema, textFields(form));
    const { attempt, expiresAt } = await locals.services.registration.begin(
      { jiraToken, purpose },
      originOf(event),
    );
    attemptCookie.set(cookies, url, attempt, expiresAt);
  } catch (error) {
    return refuse(error, form, locals);
  }
  redirect(303, SECOND_STEP[purpose]);
}

/** Who step two is about. Leads back to step one when the ten minutes are over. */
export async function provenPerson(
  { locals, cookies, url }: Pick<RequestEvent, 'locals' | 'cookies' | 'url'>,
  purpose: Purpose,
) {
  const attempt = attemptCookie.read(cookies, url);
  const found = attempt === null ? null : await locals.services.registration.person(attempt);
  if (found?.purpose !== purpose) redirect(303, `${FIRST_STEP[purpose]}?over=1`);
  return { person: found.person };
}

/** Step two: sets the password. Leads to the sign-in page. */
export async function setPassword(event: RequestEvent, purpose: Purpose) {
  const { locals, cookies, request, url } = event;
  const form = await readForm(request, locals);
  let employeeId: string;
  try {
    const { password } = parseForm(registerPasswordFormSchema, textFields(form));
    const attempt = attemptCookie.read(cookies, url) ?? '';
    ({ employeeId } = await locals.services.registration.complete({ attempt, password }, originOf(event)));
  } catch (error) {
    return refuse(error, form, locals);
  }
  attemptCookie.drop(cookies, url);
  redirect(303, `/sign-in?because=${DONE[purpose]}&login=${encodeURIComponent(employeeId)}`);
}

/** Drops the proven token at once, and leads back to step one. */
export async function startOver({ locals, cookies, url }: RequestEvent, purpose: Purpose): Promise<never> {
  const attempt = attemptCookie.read(cookies, url);
  if (attempt !== null) await locals.services.registration.cancel(attempt);
  attemptCookie.drop(cookies, url);
  redirect(303, FIRST_STEP[purpose]);
}

/** Whose tokens step one offers; nobody's in live mode. */
export function practiceTokens({ services }: App.Locals) {
  return services.system
    .practicePeople()
    .map(({ name, employeeId, role, jiraToken }) => ({ name, employeeId, role, jiraToken }));
}

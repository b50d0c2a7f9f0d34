import type { ActionFailure, RequestEvent } from '@sveltejs/kit';
import { readForm, refuse, textFields } from '../form-reply';
import { signedIn, type SignedIn } from '../signed-in';

/** A form that a signed-in person sent. */
export interface Submission extends SignedIn {
  form: FormData;
  /** Its text fields by name. */
  fields: Record<string, string>;
  locals: App.Locals;
}

type Refuse<R> = (caught: unknown, form: FormData, locals: App.Locals) => ActionFailure<R>;

/**
 * Makes form actions: `act` does what was asked for and says what was done; what it throws, and that nobody is signed
 * in, is answered by `refused`, which keeps what was typed. A redirect passes through.
 */
export function formActions<R>(refused: Refuse<R>) {
  return <Done, Event extends RequestEvent = RequestEvent>(
      act: (submission: Submission, event: Event) => Promise<Done>,
    ) =>
    async (event: Event): Promise<Done | ActionFailure<R>> => {
      const { locals, request } = event;
      const form = await readForm(request, locals);
      try {
        return await act({ ...signedIn(locals), form, fields: textFields(form), locals }, event);
      } catch (caught) {
        return refused(caught, form, locals);
      }
    };
}

/** For a page with one form, or with forms whose fields have names of their own. */
export const formAction = formActions(refuse);

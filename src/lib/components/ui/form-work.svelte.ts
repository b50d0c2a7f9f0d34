import { tick } from 'svelte';
import { applyAction } from '$app/forms';
import { refreshPage } from '../refresh-page.ts';
import type { SubmitFunction } from '@sveltejs/kit';
import type { Problem } from '$lib/contracts/problem';
import { notifyProblem } from './toasts.svelte.ts';

interface Options {
  /** Runs once the server took it; the page's data is fresh by then. */
  onsaved?: () => void;
  /** Takes what the server answers, where the form is one of another page: this page would misread it as its own. */
  onanswer?: (answer: Record<string, unknown> | undefined) => void;
  /** Empties the fields when it was taken. Off: they keep what was typed. */
  reset?: boolean;
}

/**
 * What a form needs beside its markup: `use:enhance={work.submit}`, `busy={work.busy}`. It cannot be sent twice at a
 * time, it keeps what was typed, and after a refusal the first field with an error takes the focus. A form with
 * `data-guarded` is no longer unsaved once it was taken, unless a button with `data-tries` sent it.
 */
export function createFormWork(options: Options = {}) {
  let busy = $state(false);
  let startedAt = $state(0);
  /** Which submit button started it, by its `value` or its action: a form may hold several. */
  let pressed = $state<string | null>(null);

  const submit: SubmitFunction = ({ cancel, submitter, formElement, action }) => {
    if (busy) return cancel();
    busy = true;
    startedAt = Date.now();
    pressed = submitter?.getAttribute('value') ?? action.search;
    return async ({ result }) => {
      try {
        if (result.type === 'success') {
          if (!submitter?.hasAttribute('data-tries')) formElement.removeAttribute('data-unsaved');
          if (options.reset) formElement.reset();
          await refreshPage();
        }
        // An error page would take away what was typed: the form stays, and a message says what happened.
        if (result.type === 'error') notifyProblem(sayUnanswered(result.error));
        else if (options.onanswer && result.type !== 'redirect') options.onanswer(result.data);
        else await applyAction(result);
        if (result.type === 'success') options.onsaved?.();
      } finally {
        busy = false;
        pressed = null;
      }
      if (result.type === 'failure') {
        await tick();
        focusFirstError(formElement);
      }
    };
  };

  return {
    submit,
    get busy() {
      return busy;
    },
    get startedAt() {
      return startedAt;
    },
    get pressed() {
      return pressed;
    },
  };
}

function sayUnanswered(error: App.Error | Error): Pick<Problem, 'message' | 'hint' | 'requestId'> {
  const hint = 'What you typed is still here. Try again in a moment.';
  if (error instanceof TypeError) return { message: 'The server could not be reached.', hint };
  return { message: error.message, hint, ...('requestId' in error && { requestId: error.requestId }) };
}

function focusFirstError(form: HTMLFormElement) {
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

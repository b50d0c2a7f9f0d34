/** The id of the form that signs out: the shell holds it once, and every way out belongs to it. */
export const SIGN_OUT_FORM = 'sign-out';

/** Sends the shell's sign-out form, as a press on its button would. */
export function signOut(): void {
  const form = document.getElementById(SIGN_OUT_FORM);
  if (form instanceof HTMLFormElement) form.requestSubmit();
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/**
 * Keeps what was typed, chosen or pressed before the page's scripts ran. Svelte takes over the text of an input by itself, but
 * gives a select its first value back, and nobody who listens has heard of either: not the guard of unsaved work, not a
 * preview. A button that only scripts serve has done nothing: the last one is pressed again. Call it where the outermost component is made, before the others take over their controls; what it returns
 * tells everybody, once they listen.
 */
export function keepEarlyInput(): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const changed = [...document.querySelectorAll<Control>('input, textarea, select')]
    .filter(isChanged)
    .map((control) => ({ control, value: control.value }));
  return () => {
    for (const { control, value } of changed) tell(control, value);
    document.documentElement.dataset['hydrated'] = '';
    pressEarly();
  };
}

/** `app.html` has marked it. */
function pressEarly(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-pressed-early]');
  if (!button) return;
  delete button.dataset['pressedEarly'];
  button.click();
}

function isChanged(control: Control): boolean {
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const first =
      options.find((option) => option.defaultSelected) ?? options.find(({ disabled }) => !disabled);
    return first !== undefined && !first.selected;
  }
  if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue;
  if (control.type === 'checkbox') return control.checked !== control.defaultChecked;
  if (control.type === 'radio') return control.checked && !control.defaultChecked;
  return control.type !== 'hidden' && control.type !== 'file' && control.value !== control.defaultValue;
}

function tell(control: Control, value: string): void {
  if (control instanceof HTMLSelectElement) control.value = value;
  for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }));
}

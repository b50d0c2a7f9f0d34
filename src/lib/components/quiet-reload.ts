interface QuietReloadDeps {
  /** The build that the server serves now, where this page is from another; else null. */
  newBuild(): string | null;
  /** Whether nothing would be disturbed: nothing typed, no run at work, nothing on its way. */
  isQuiet(): boolean;
  reload(): void;
  /** Remembers the build that was reloaded for; none where the browser forbids it. */
  storage: Pick<Storage, 'getItem' | 'setItem'> | null;
}

const storageKey = 'backlogue:reloaded-for';
const lookEveryMs = 1_000;
/** Quiet for so long and not for a moment: between two words nothing is typed either. */
const quietForMs = 5_000;

/**
 * Reloads a page of another build once it has been quiet for a while; once only for each build, so that servers of two
 * builds behind one address cannot keep a page reloading. Returns the call that stops it.
 */
export function reloadWhenQuiet({ newBuild, isQuiet, reload, storage }: QuietReloadDeps): () => void {
  let quietMs = 0;
  const timer = setInterval(() => {
    const build = newBuild();
    if (build === null || reloadedFor(storage) === build || !isQuiet()) return void (quietMs = 0);
    quietMs += lookEveryMs;
    if (quietMs < quietForMs) return;
    clearInterval(timer);
    // Not without a note of it: a page that cannot remember waits for its person.
    if (remember(storage, build)) reload();
  }, lookEveryMs);
  return () => clearInterval(timer);
}

/** Whether no field of the page holds text that was typed, and no dialog is open. */
export function isUntouched(page: Document): boolean {
  if (page.querySelector('dialog[open], [role="dialog"], [role="alertdialog"]')) return false;
  const fields = page.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>(
    'textarea, input:not([type="hidden"], [type="checkbox"], [type="radio"], [type="submit"])',
  );
  return ![...fields].some((field) => field === page.activeElement || field.value !== field.defaultValue);
}

function reloadedFor(storage: QuietReloadDeps['storage']): string | null {
  try {
    return storage?.getItem(storageKey) ?? null;
  } catch {
    return null;
  }
}

function remember(storage: QuietReloadDeps['storage'], build: string): boolean {
  try {
    storage?.setItem(storageKey, build);
    return storage !== null;
  } catch {
    return false;
  }
}

export type Theme = 'light' | 'dark' | 'system';

/** app.html reads the same key before the first paint. */
const STORAGE_KEY = 'backlogue-theme';

let chosen = $state<Theme>('system');

/** What the person chose in this browser; `followTheme` has to run first. */
export const theme = {
  get chosen(): Theme {
    return chosen;
  },
  choose(next: Theme) {
    chosen = next;
    try {
      localStorage.setItem(STORAGE_KEY, next);
    } catch {
      // A browser that refuses storage keeps the theme until the page is left.
    }
    apply();
  },
};

/** Takes up the stored choice, then follows the system and the other tabs. Returns the call that stops it. */
export function followTheme(): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const otherTab = (event: StorageEvent) => {
    if (event.key === STORAGE_KEY) read();
  };
  read();
  system.addEventListener('change', apply);
  addEventListener('storage', otherTab);
  return () => {
    system.removeEventListener('change', apply);
    removeEventListener('storage', otherTab);
  };
}

function read() {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    chosen = stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    chosen = 'system';
  }
  apply();
}

function apply() {
  const dark =
    chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

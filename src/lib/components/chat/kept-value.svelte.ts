/**
 * A value of this tab that outlives a reload, a lost connection or an error: what was typed and not yet sent.
 * `forget` is for the moment when it was sent.
 */
export function createKeptValue<T>(key: string, initial: T) {
  const storageKey = `backlogue:${key}`;
  let value = $state.raw<T>(read(storageKey) ?? initial);

  return {
    get value(): T {
      return value;
    },
    set value(next: T) {
      value = next;
      write(storageKey, JSON.stringify(next));
    },
    forget() {
      value = initial;
      write(storageKey, null);
    },
  };

  function read(from: string): T | null {
    try {
      const stored = sessionStorage.getItem(from);
      return stored === null ? null : (JSON.parse(stored) as T);
    } catch {
      // On the server, or where the browser refuses storage: it starts afresh.
      return null;
    }
  }
}

function write(key: string, text: string | null) {
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Storage is full or refused: the value lives as long as the page.
  }
}

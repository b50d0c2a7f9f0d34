export interface EarlyKeys {
  /** Ends the keeping, and gives the text that was typed. */
  take: () => string;
}

/**
 * Keeps what is typed between the press that opens something and the moment when that has the focus. It is fetched first,
 * and until then the letters, and Enter, would go to what had the focus before: a message would be sent.
 */
export function keepEarlyKeys(target: EventTarget): EarlyKeys {
  let typed = '';
  const end = () => target.removeEventListener('keydown', listen, true);
  // Taken before anybody else hears of it. Only what would write or send: shortcuts of the browser stay its own.
  const listen = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
    // It is not wanted any more: what is typed next is meant for the page again.
    if (event.key === 'Escape') return end();
    if (event.key === 'Backspace') typed = typed.slice(0, -1);
    else if (event.key.length === 1) typed += event.key;
    else if (event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
  };
  target.addEventListener('keydown', listen, true);
  return {
    take() {
      end();
      return typed;
    },
  };
}

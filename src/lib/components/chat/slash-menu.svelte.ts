import { tick } from 'svelte';
import { matchingItems, slashQuery, type SlashItem } from './slash-query.ts';

interface Deps {
  items: () => readonly SlashItem[];
  field: () => HTMLTextAreaElement | null;
  /** Takes the text without the `/...` that opened the menu. */
  replace: (text: string) => void;
}

export type SlashMenuState = ReturnType<typeof createSlashMenu>;

/** The menu that a `/` opens over a text field. The field keeps the focus; arrows move the mark, Enter chooses. */
export function createSlashMenu({ items, field, replace }: Deps) {
  const listId = `slash-${Math.random().toString(36).slice(2, 8)}`;
  let query = $state<{ start: number; query: string } | null>(null);
  let active = $state(0);
  const matching = $derived(query ? matchingItems(items(), query.query) : []);
  const open = $derived(matching.length > 0);

  const optionId = (index: number) => `${listId}-${index}`;
  const close = () => (query = null);

  function look() {
    const element = field();
    const found = element && slashQuery(element.value, element.selectionStart);
    if (found?.query !== query?.query) active = 0;
    query = found;
  }

  async function choose(item: SlashItem) {
    const element = field();
    if (!element || !query) return;
    const { start } = query;
    const after = element.value.slice(element.selectionStart);
    close();
    replace(element.value.slice(0, start) + after);
    await tick();
    element.focus();
    element.setSelectionRange(start, start);
    item.run();
  }

  return {
    listId,
    look,
    close,
    choose,
    optionId,
    get open() {
      return open;
    },
    get matching() {
      return matching;
    },
    get active() {
      return active;
    },
    get activeId() {
      return open ? optionId(active) : undefined;
    },
    /** Whether the key was meant for the menu; it is dealt with then. */
    takesKey(event: KeyboardEvent): boolean {
      if (!open) return false;
      const count = matching.length;
      if (event.key === 'ArrowDown') active = (active + 1) % count;
      else if (event.key === 'ArrowUp') active = (active - 1 + count) % count;
      else if (event.key === 'Escape') close();
      else if (event.key === 'Enter' || event.key === 'Tab') {
        const item = matching[active];
        if (item) void choose(item);
      } else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

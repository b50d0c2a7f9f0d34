import { tick } from 'svelte';
import { createSourceSearch } from './source-search.svelte.ts';
import { matchingChoices, menuQuery, type MenuChoice, type MenuQuery } from './menu-query.ts';

interface Deps {
  /** What `/` offers. */
  commands: () => readonly MenuChoice[];
  /** The conversation's own sources, which `@` offers before what it finds. */
  sources: () => readonly MenuChoice[];
  field: () => HTMLTextAreaElement | null;
  /** Takes the text with what was chosen in the place of what was typed after the mark. */
  replace: (text: string) => void;
}

export type ComposerMenuState = ReturnType<typeof createComposerMenu>;

/**
 * The menu that a `/` or an `@` opens over a text field. The field keeps the focus; arrows move the mark, Enter chooses.
 */
export function createComposerMenu({ commands, sources, field, replace }: Deps) {
  const listId = `composer-${Math.random().toString(36).slice(2, 8)}`;
  const search = createSourceSearch();
  let query = $state<MenuQuery | null>(null);
  let active = $state(0);
  const matching = $derived.by((): MenuChoice[] => {
    if (!query) return [];
    if (query.mark === '/') return matchingChoices(commands(), query.query);
    return [...matchingChoices(sources(), query.query), ...search.found];
  });
  /** Where `@` has nothing to choose from, it says why. */
  const note = $derived(query?.mark === '@' ? search.note(query.query, matching.length) : null);
  const open = $derived(matching.length > 0);

  const optionId = (index: number) => `${listId}-${index}`;
  const close = () => (query = null);

  function look() {
    const element = field();
    const found = element && menuQuery(element.value, element.selectionStart);
    if (found?.query !== query?.query || found?.mark !== query?.mark) active = 0;
    query = found;
    search.lookFor(found?.mark === '@' ? found.query : '');
  }

  async function choose(choice: MenuChoice) {
    const element = field();
    if (!element || !query) return;
    const { start } = query;
    const after = element.value.slice(element.selectionStart);
    const inserted = choice.insert === undefined ? '' : `${choice.insert} `;
    close();
    replace(element.value.slice(0, start) + inserted + after.trimStart());
    await tick();
    element.focus();
    element.setSelectionRange(start + inserted.length, start + inserted.length);
    choice.run?.();
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
    get note() {
      return note;
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
      if (!open) {
        if (note === null || event.key !== 'Escape') return false;
        close();
        event.stopPropagation();
        return true;
      }
      const count = matching.length;
      if (event.key === 'ArrowDown') active = (active + 1) % count;
      else if (event.key === 'ArrowUp') active = (active - 1 + count) % count;
      else if (event.key === 'Escape') close();
      else if (event.key === 'Enter' || event.key === 'Tab') {
        const choice = matching[active];
        if (choice) void choose(choice);
      } else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

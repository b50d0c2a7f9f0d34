import type { FoundSource, FoundSources } from '$lib/contracts/found-source';
import type { MenuChoice } from './menu-query.ts';

const SEARCH_AFTER_MS = 200;
/** One letter finds everything and nothing. */
const LEAST_LETTERS = 2;

/** Looks for pages and issues while their names are typed after an `@`. */
export function createSourceSearch() {
  let answer = $state.raw<FoundSources>({ sources: [], unreached: [] });
  let searching = $state(false);
  let wanted = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(words: string) {
    const response = await fetch(`/creator/sources?search=${encodeURIComponent(words)}`).catch(() => null);
    const told: FoundSources = response?.ok
      ? ((await response.json()) as FoundSources)
      : { sources: [], unreached: ['Confluence', 'Jira'] };
    // A slower answer to an older question must not replace a newer one.
    if (words !== wanted) return;
    answer = told;
    searching = false;
  }

  return {
    get found(): MenuChoice[] {
      return answer.sources.map(toChoice);
    },
    lookFor(query: string) {
      const words = query.trim();
      if (words === wanted) return;
      wanted = words;
      clearTimeout(timer);
      searching = words.length >= LEAST_LETTERS;
      if (searching) timer = setTimeout(() => void ask(words), SEARCH_AFTER_MS);
      else answer = { sources: [], unreached: [] };
    },
    /** What to say below the choices; null where they speak for themselves. */
    note(query: string, choices: number): string | null {
      if (query.trim().length < LEAST_LETTERS) return 'Type words of a page’s or an issue’s title.';
      if (searching) return 'Looking in Confluence and Jira';
      if (answer.unreached.length > 0)
        return `${answer.unreached.join(' and ')} could not be asked just now. A link or a key in the text is read all the same.`;
      return choices === 0 ? 'No page and no issue that you can see is called that.' : null;
    },
  };
}

function toChoice({ kind, title, place, mention }: FoundSource): MenuChoice {
  return {
    id: mention,
    group: kind === 'page' ? 'Page' : 'Issue',
    label: title,
    hint: place,
    insert: mention,
  };
}

/** What opens a menu in the composer: `/` for formats and prompts, `@` for sources. */
export type MenuMark = '/' | '@';

export interface MenuQuery {
  mark: MenuMark;
  /** Where the mark stands. */
  start: number;
  /** What stands between the mark and the caret. */
  query: string;
}

/** The menu that the text before the caret asks for; null where there is none. */
export function menuQuery(text: string, caret: number): MenuQuery | null {
  const before = text.slice(0, caret);
  const start = Math.max(before.lastIndexOf('/'), before.lastIndexOf('@'));
  if (start === -1) return null;
  const query = before.slice(start + 1);
  // A mark inside a word, a URL or an address of e-mail is just a character.
  if (start > 0 && !/\s/.test(before.charAt(start - 1))) return null;
  if (!/^[\p{L}\p{N} -]{0,40}$/u.test(query) || query.startsWith(' ')) return null;
  return { mark: before.charAt(start) as MenuMark, start, query };
}

export interface MenuChoice {
  id: string;
  group: string;
  label: string;
  hint?: string;
  /** Marks the one in force. */
  chosen?: boolean;
  /** What stands in the text in the place of what was typed; nothing, where it is left out. */
  insert?: string;
  run?(): void;
}

/** The choices that hold every word of the query, in their order. */
export function matchingChoices(choices: readonly MenuChoice[], query: string): MenuChoice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ group, label }) => {
    const text = `${group} ${label}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

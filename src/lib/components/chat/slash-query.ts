/** What stands between the `/` that opened the menu and the caret; null when there is no such `/`. */
export function slashQuery(text: string, caret: number): { start: number; query: string } | null {
  const before = text.slice(0, caret);
  const start = before.lastIndexOf('/');
  if (start === -1) return null;
  const query = before.slice(start + 1);
  // A slash inside a word or a URL is just a slash.
  if (start > 0 && !/\s/.test(before.charAt(start - 1))) return null;
  return /^[\p{L}\p{N} -]{0,24}$/u.test(query) && !query.startsWith(' ') ? { start, query } : null;
}

export interface SlashItem {
  id: string;
  group: string;
  label: string;
  hint?: string;
  /** Marks the one in force. */
  chosen?: boolean;
  run(): void;
}

/** The items that hold every word of the query, in their order. */
export function matchingItems(items: readonly SlashItem[], query: string): SlashItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(({ group, label }) => {
    const text = `${group} ${label}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

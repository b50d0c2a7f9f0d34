import { z } from 'zod';
import { practiceHints, railWidthPx } from './plain-values.ts';

export { railWidthPx };

/** What is kept for each person, by key. A page may add a key of its own here; values are small. */
export const preferenceSchemas = {
  /** The sidebar. Unpinned it hides to a strip of icons until it is pointed at. */
  rail: z.object({
    width: z.number().int().min(railWidthPx.min).max(railWidthPx.max),
    pinned: z.boolean(),
  }),
  /** Widths of the workspace's panes: the list in percent of the page, the stories in percent of the rest. */
  workspace: z.object({ list: z.number().min(10).max(60), stories: z.number().min(15).max(80) }),
  /** Language that stories are written in, such as `de`; `auto` follows the requirement. */
  language: z.string().regex(/^(auto|[a-z]{2,3}(-[A-Z]{2})?)$/),
  /** Hints of practice mode that the person has put away. */
  hintsDone: z.array(z.enum(practiceHints)).max(practiceHints.length),
} as const;
export type PreferenceKey = keyof typeof preferenceSchemas;
export type Preference<K extends PreferenceKey> = z.infer<(typeof preferenceSchemas)[K]>;

/** One preference out of all that are stored; `fallback` where it is missing or of an older shape. */
export function readPreference<K extends PreferenceKey>(
  stored: Record<string, unknown>,
  key: K,
  fallback: Preference<K>,
): Preference<K> {
  const parsed = preferenceSchemas[key].safeParse(stored[key]);
  return parsed.success ? (parsed.data as Preference<K>) : fallback;
}

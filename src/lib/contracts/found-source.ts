import { z } from 'zod';

/** A page or an issue that a message may point at, as a search for it shows it. */
export const foundSourceSchema = z.object({
  kind: z.enum(['page', 'issue']),
  title: z.string(),
  /** The page's space, or the key. */
  place: z.string(),
  /** What a message holds so that it is read: the page's address, or the key. */
  mention: z.string(),
});
export type FoundSource = z.infer<typeof foundSourceSchema>;

export const foundSourcesSchema = z.object({
  sources: z.array(foundSourceSchema),
  /** Systems that could not be asked just now. */
  unreached: z.array(z.enum(['Jira', 'Confluence'])),
});
export type FoundSources = z.infer<typeof foundSourcesSchema>;

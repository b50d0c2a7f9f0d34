import { z } from 'zod';

/** The parts of Confluence Data Center's REST answers that we read; everything else passes through unread. */

export const confluenceUserSchema = z.object({
  /** `anonymous` is how a refused token looks where anonymous access is on. */
  type: z.string(),
  username: z.string().optional(),
  userKey: z.string().optional(),
  displayName: z.string().default(''),
});

const linksSchema = z.object({ webui: z.string().optional() });

const contentSchema = z.object({
  id: z.string(),
  type: z.string(),
  title: z.string(),
  space: z.object({ key: z.string() }).optional(),
  version: z.object({ number: z.number() }).optional(),
  body: z.object({ storage: z.object({ value: z.string() }).optional() }).optional(),
  _links: linksSchema.optional(),
});
export type ConfluenceContent = z.infer<typeof contentSchema>;
export const confluenceContentSchema = contentSchema;

export const confluenceContentListSchema = z.object({
  results: z.array(contentSchema),
  start: z.number().default(0),
  size: z.number().default(0),
});

export const confluenceSpaceListSchema = z.object({
  results: z.array(z.object({ key: z.string(), name: z.string(), type: z.string().default('global') })),
  size: z.number().default(0),
  _links: z.object({ next: z.string().optional() }).default({}),
});

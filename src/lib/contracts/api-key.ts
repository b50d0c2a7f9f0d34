import { z } from 'zod';

/** For how many days a key may be made. */
export const apiKeyDays = [30, 90, 365] as const;

export const apiKeyFormSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'Name it after the script that will use it.')
    .max(60, 'A name has at most 60 characters.'),
  days: z.coerce
    .number()
    .refine((days) => apiKeyDays.includes(days as (typeof apiKeyDays)[number]), 'Choose how long it lives.'),
});
export type ApiKeyForm = z.output<typeof apiKeyFormSchema>;

/** A live key as its person sees it: everything but the key. Times are milliseconds since 1970, UTC. */
export interface ApiKeyView {
  id: string;
  name: string;
  /** The first characters of the key. */
  prefix: string;
  createdAt: number;
  lastUsedAt: number | null;
  expiresAt: number;
}

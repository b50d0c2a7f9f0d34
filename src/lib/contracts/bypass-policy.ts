import { z } from 'zod';
import { bypassers } from './bypass-terms.ts';

const MOST_PEOPLE = 200;

/** What administrators decide about setting one rule aside. */
export const bypassPolicySchema = z.object({
  who: z.enum(bypassers, 'Choose who may.'),
  /** Employee ids, for `named`; the case of letters does not count. */
  people: z
    .array(z.string().trim().min(1).max(100, 'An employee id has at most 100 characters.'))
    .max(MOST_PEOPLE, `At most ${MOST_PEOPLE} people can be named.`)
    .transform(withoutDoubles),
  reasonRequired: z.boolean(),
});
export type BypassPolicy = z.output<typeof bypassPolicySchema>;

/** What holds for a rule of which nobody decided anything yet. */
export const defaultBypassPolicy: BypassPolicy = { who: 'administrators', people: [], reasonRequired: true };

function withoutDoubles(people: string[]): string[] {
  return [...new Map(people.map((person) => [person.toLowerCase(), person])).values()];
}

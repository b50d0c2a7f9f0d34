import type { Logger } from 'pino';
import { z } from 'zod';
import { extraFieldsSchema, type ExtraFields } from '../../../contracts/story.ts';
import { longestPreference } from '../preference-service.ts';
import type { PreferenceService } from '../services.ts';

/** Where a field was filled: another project or type may ask for other things under the same id. */
export interface CreatePlace {
  projectKey: string;
  /** The type's name. */
  issueType: string;
}

/** What a person gave last for the fields that Jira requires and no story carries, per project and issue type. */
export interface RememberedFields {
  /** Empty where nothing was given yet. */
  of(person: { userId: string }, place: CreatePlace): Promise<ExtraFields>;
  /**
   * What was filled longest ago makes room; a single place that says too much is not kept. Never rejects: what cannot
   * be kept is asked for again.
   */
  remember(person: { userId: string }, place: CreatePlace, fields: ExtraFields): Promise<void>;
}

const key = 'createFields';
const mostPlaces = 50;
/** A longer text is about one story and no habit. */
const longestText = 200;
/** Not a field of the create call, but the choice of another type for one story. */
const issueTypeField = 'issuetype';

const placesSchema = z
  .array(z.object({ projectKey: z.string(), issueType: z.string(), fields: extraFieldsSchema }))
  .catch([]);

export function createRememberedFields({
  preferences,
  log,
}: {
  preferences: Pick<PreferenceService, 'all' | 'set'>;
  log: Logger;
}): RememberedFields {
  /** Those used longest ago first. */
  const placesOf = async (person: { userId: string }) =>
    placesSchema.parse((await preferences.all(person))[key] ?? []);
  const isSame = (a: CreatePlace, b: CreatePlace) =>
    a.projectKey === b.projectKey && a.issueType.toLowerCase() === b.issueType.toLowerCase();

  return {
    async of(person, place) {
      return (await placesOf(person)).find((known) => isSame(known, place))?.fields ?? {};
    },
    async remember(person, place, given) {
      const habits = Object.entries(given).filter(([id, value]) => id !== issueTypeField && isHabit(value));
      if (habits.length === 0) return;
      try {
        await keep(person, place, Object.fromEntries(habits));
      } catch (error) {
        log.warn(
          { err: error, user_id: person.userId, outcome: 'failed' },
          'Filled fields are not remembered',
        );
      }
    },
  };

  async function keep(
    person: { userId: string },
    { projectKey, issueType }: CreatePlace,
    habits: ExtraFields,
  ): Promise<void> {
    const place = { projectKey, issueType };
    const places = await placesOf(person);
    const before = places.find((known) => isSame(known, place))?.fields;
    const newest = { ...place, fields: { ...before, ...habits } };
    if (!fits([newest])) return;
    const others = places.filter((known) => !isSame(known, place)).slice(1 - mostPlaces);
    await preferences.set(person, key, lastThatFit([...others, newest]));
  }
}

function lastThatFit(places: readonly unknown[]): readonly unknown[] {
  return places.slice(places.findIndex((_, at) => fits(places.slice(at))));
}

function fits(places: readonly unknown[]): boolean {
  return JSON.stringify(places).length <= longestPreference;
}

function isHabit(value: ExtraFields[string]): boolean {
  return typeof value !== 'string' || (value !== '' && value.length <= longestText);
}

import { InvalidError } from '../errors/app-error.ts';
import type { PreferenceRepository } from '../repositories/preference-repository.ts';
import type { PreferenceService } from './services.ts';

const KEY = /^[a-z][A-Za-z0-9._-]{0,63}$/;
/** Of a value, as JSON. */
export const longestPreference = 65_536;
const MOST_KEYS = 200;

interface PreferenceServiceDeps {
  repository: PreferenceRepository;
  clock: { now(): number };
}

/** Small things that a person set. Setting `null` or `undefined` removes a key. Whoever reads one validates it. */
export function createPreferenceService({ repository, clock }: PreferenceServiceDeps): PreferenceService {
  return {
    async all({ userId }) {
      const rows = await repository.all(userId);
      return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
    },

    async set({ userId }, key, value) {
      if (value === null || value === undefined) return repository.remove(userId, checkedKey(key));
      await store(userId, { [key]: value });
    },

    setAll: ({ userId }, values) => store(userId, values),
  };

  async function store(userId: string, values: Record<string, unknown>): Promise<void> {
    const texts = Object.entries(values).map(([key, value]) => ({
      key: checkedKey(key),
      value: checkedText(value),
    }));
    const stored = await repository.setAll(userId, texts, { updatedAt: clock.now(), most: MOST_KEYS });
    if (!stored) throw new InvalidError('preference_invalid', `At most ${MOST_KEYS} preferences are kept.`);
  }
}

function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new InvalidError('preference_invalid', 'There is no such preference.');
  return key;
}

function checkedText(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.length > longestPreference)
    throw new InvalidError('preference_invalid', 'That is too long to keep.');
  return text;
}

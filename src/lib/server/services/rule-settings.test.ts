import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ruleDefaultsSchema } from '../../contracts/config/config-file.ts';
import { effectiveRules, readOwnRules } from './rule-settings.ts';

const shared = ruleDefaultsSchema.parse({});

test('A person’s own settings stand over the shared ones, key by key', () => {
  const own = readOwnRules({ maxStoryPoints: 5, bannedWords: ['etc'] });
  expect(effectiveRules(shared, own)).toEqual({ ...shared, maxStoryPoints: 5, bannedWords: ['etc'] });
});

test('A setting that no longer fits falls back alone', () => {
  expect(readOwnRules({ maxStoryPoints: 'many', minCriteria: 3, gone: true })).toEqual({ minCriteria: 3 });
});

test('Whatever is stored, the rules in force are whole', () => {
  fc.assert(
    fc.property(fc.anything(), (stored) => {
      const rules = effectiveRules(shared, readOwnRules(stored));
      expect(ruleDefaultsSchema.safeParse(rules).success).toBe(true);
    }),
    // A name that every object has.
    { examples: [[{ valueOf: '' }]] },
  );
});

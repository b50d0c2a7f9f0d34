import { describe, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { needsExistingKeys, requireMatchingKeyring } from './keyring-check.ts';

const clock = { now: () => 1 };
const keyringOf = (checks: Record<string, string>) => ({
  checks: Object.entries(checks).map(([keyId, check]) => ({ keyId, check })),
});

describe('requireMatchingKeyring', () => {
  it('notes the keys of the first start, and those that a rotation adds', () => {
    using temp = openTempDatabase();
    const repository = createKeyringRepository(temp.db);
    requireMatchingKeyring({ keyring: keyringOf({ root: 'r', k1: 'a' }), repository, clock });
    requireMatchingKeyring({ keyring: keyringOf({ root: 'r', k1: 'a', k2: 'b' }), repository, clock });
    expect(repository.checks()).toHaveLength(3);
  });

  it.each([
    ['another key under the same id', { root: 'r', k1: 'x' }],
    ['another root', { root: 'x', k1: 'a' }],
    ['a key that is missing', { root: 'r', k2: 'b' }],
  ])('refuses %s, and changes nothing', (_, checks) => {
    using temp = openTempDatabase();
    const repository = createKeyringRepository(temp.db);
    requireMatchingKeyring({ keyring: keyringOf({ root: 'r', k1: 'a' }), repository, clock });
    const before = repository.checks();
    const refusal = expect.objectContaining({ code: 'keyring_wrong' });
    expect(() => requireMatchingKeyring({ keyring: keyringOf(checks), repository, clock })).toThrow(refusal);
    expect(repository.checks()).toEqual(before);
  });

  it('lets a key go that nothing is sealed with any more', () => {
    using temp = openTempDatabase();
    const repository = createKeyringRepository(temp.db);
    requireMatchingKeyring({ keyring: keyringOf({ root: 'r', k1: 'a', k2: 'b' }), repository, clock });
    repository.remove(['k1']);
    expect(() =>
      requireMatchingKeyring({ keyring: keyringOf({ root: 'r', k2: 'b' }), repository, clock }),
    ).not.toThrow();
  });
});

describe('needsExistingKeys', () => {
  it('is false for an empty database only', () => {
    using temp = openTempDatabase();
    const repository = createKeyringRepository(temp.db);
    expect(needsExistingKeys(repository)).toBe(false);
    addPerson(temp.db);
    expect(needsExistingKeys(repository)).toBe(true);
  });
});

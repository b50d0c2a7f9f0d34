import { describe, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { createPreferenceRepository } from '../repositories/preference-repository.ts';
import { createPreferenceService } from './preference-service.ts';

function setUp() {
  const temp = openTempDatabase();
  const preferences = createPreferenceService({
    repository: createPreferenceRepository(temp.db),
    clock: { now: () => 1 },
  });
  return { ...temp, preferences, ada: addPerson(temp.db), eve: addPerson(temp.db, { employeeId: 'eve' }) };
}

describe('preferences', () => {
  it("are a person's own: the last word counts, null forgets", async () => {
    using own = setUp();
    await own.preferences.set(own.ada, 'navigation', { width: 240, pinned: true });
    await own.preferences.set(own.ada, 'theme', 'dark');
    await own.preferences.set(own.ada, 'theme', 'light');
    await own.preferences.set(own.eve, 'theme', 'dark');
    expect(await own.preferences.all(own.ada)).toEqual({
      navigation: { width: 240, pinned: true },
      theme: 'light',
    });
    await own.preferences.set(own.ada, 'theme', null);
    expect(await own.preferences.all(own.ada)).toEqual({ navigation: { width: 240, pinned: true } });
    expect(await own.preferences.all(own.eve)).toEqual({ theme: 'dark' });
  });

  it('are bounded in key, length and number', async () => {
    using own = setUp();
    const refusal = { code: 'preference_invalid' };
    await expect(own.preferences.set(own.ada, '__proto__', 1)).rejects.toMatchObject(refusal);
    await expect(own.preferences.set(own.ada, 'long', 'x'.repeat(70_000))).rejects.toMatchObject(refusal);
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, number) => [`key${number}`, number]));
    await own.preferences.setAll(own.ada, many);
    await expect(own.preferences.set(own.ada, 'onemore', 1)).rejects.toMatchObject(refusal);
    await expect(own.preferences.set(own.ada, 'key7', 'new')).resolves.toBeUndefined();
  });
});

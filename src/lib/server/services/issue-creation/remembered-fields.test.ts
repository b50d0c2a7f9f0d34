import { describe, expect, it } from 'vitest';
import { addPerson } from '../../../../../tests/support/people.ts';
import { openTempDatabase } from '../../../../../tests/support/temp-database.ts';
import { createLogger } from '../../observability/logger.ts';
import { createPreferenceRepository } from '../../repositories/preference-repository.ts';
import { createPreferenceService } from '../preference-service.ts';
import { createRememberedFields } from './remembered-fields.ts';

function setUp() {
  const temp = openTempDatabase();
  const preferences = createPreferenceService({
    repository: createPreferenceRepository(temp.db),
    clock: { now: () => 1 },
  });
  const fields = createRememberedFields({ preferences, log: createLogger({ level: 'silent' }) });
  return { ...temp, preferences, fields, ada: addPerson(temp.db) };
}
const story = { projectKey: 'OPS', issueType: 'Story' };
const low = { risk: { id: '1' } };

describe('What was filled last time', () => {
  it('comes back for the same person, project and type alone', async () => {
    using own = setUp();
    const { ada, fields } = own;
    await fields.remember(ada, story, low);
    expect(await fields.of(ada, { projectKey: 'OPS', issueType: 'story' })).toEqual(low);
    expect(await fields.of(ada, { projectKey: 'OPS', issueType: 'Bug' })).toEqual({});
    expect(await fields.of(ada, { projectKey: 'DEMO', issueType: 'Story' })).toEqual({});
    expect(await fields.of(addPerson(own.db, { employeeId: 'omar' }), story)).toEqual({});
  });

  it('is not kept by a person who has no room left for it, and nothing fails', async () => {
    using own = setUp();
    const { ada, fields, preferences } = own;
    await preferences.setAll(ada, Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`p${n}`, n])));
    await fields.remember(ada, story, low);
    expect(await fields.of(ada, story)).toEqual({});
  });

  it('is the last choice, field by field', async () => {
    using own = setUp();
    const { ada, fields } = own;
    await fields.remember(ada, story, { ...low, team: 'Blue' });
    await fields.remember(ada, story, { risk: { id: '3' } });
    expect(await fields.of(ada, story)).toEqual({ risk: { id: '3' }, team: 'Blue' });
  });

  it('is neither the type of one story nor a text about one story', async () => {
    using own = setUp();
    const { ada, fields } = own;
    await fields.remember(ada, story, { issuetype: { id: '7' }, why: 'x'.repeat(201), none: '' });
    expect(await fields.of(ada, story)).toEqual({});
  });

  it('is kept for the fifty places that were used last', async () => {
    using own = setUp();
    const { ada, fields } = own;
    for (let at = 0; at < 51; at += 1) await fields.remember(ada, { ...story, projectKey: `P${at}` }, low);
    expect(await fields.of(ada, { ...story, projectKey: 'P0' })).toEqual({});
    expect(await fields.of(ada, { ...story, projectKey: 'P1' })).toEqual(low);
    expect(await fields.of(ada, { ...story, projectKey: 'P50' })).toEqual(low);
  });

  it('makes room for the last place where all of them say too much', async () => {
    using own = setUp();
    const { ada, fields } = own;
    const long = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`text${at}`, 'x'.repeat(200)]));
    for (let at = 0; at < 7; at += 1) await fields.remember(ada, { ...story, projectKey: `P${at}` }, long);
    expect(await fields.of(ada, { ...story, projectKey: 'P0' })).toEqual({});
    expect(await fields.of(ada, { ...story, projectKey: 'P2' })).toEqual(long);
    expect(await fields.of(ada, { ...story, projectKey: 'P6' })).toEqual(long);
  });

  it('passes over a place that says too much by itself', async () => {
    using own = setUp();
    const { ada, fields } = own;
    const huge = { parts: Array.from({ length: 5_000 }, (_, at) => ({ id: `option-${at}` })) };
    await fields.remember(ada, story, low);
    await fields.remember(ada, { ...story, projectKey: 'DEMO' }, huge);
    expect(await fields.of(ada, { ...story, projectKey: 'DEMO' })).toEqual({});
    expect(await fields.of(ada, story)).toEqual(low);
  });
});

import { describe, expect, it } from 'vitest';
import { createRememberedFields } from './remembered-fields.ts';

function rememberedFields() {
  const stored = new Map<string, Record<string, unknown>>();
  return createRememberedFields({
    all: async ({ userId }) => stored.get(userId) ?? {},
    set: async ({ userId }, key, value) => void stored.set(userId, { ...stored.get(userId), [key]: value }),
  });
}
const ada = { userId: 'ada' };
const story = { projectKey: 'OPS', issueType: 'Story' };
const low = { risk: { id: '1' } };

describe('What was filled last time', () => {
  it('comes back for the same person, project and type alone', async () => {
    const fields = rememberedFields();
    await fields.remember(ada, story, low);
    expect(await fields.of(ada, { projectKey: 'OPS', issueType: 'story' })).toEqual(low);
    expect(await fields.of(ada, { projectKey: 'OPS', issueType: 'Bug' })).toEqual({});
    expect(await fields.of(ada, { projectKey: 'DEMO', issueType: 'Story' })).toEqual({});
    expect(await fields.of({ userId: 'omar' }, story)).toEqual({});
  });

  it('is the last choice, field by field', async () => {
    const fields = rememberedFields();
    await fields.remember(ada, story, { ...low, team: 'Blue' });
    await fields.remember(ada, story, { risk: { id: '3' } });
    expect(await fields.of(ada, story)).toEqual({ risk: { id: '3' }, team: 'Blue' });
  });

  it('is neither the type of one story nor a text about one story', async () => {
    const fields = rememberedFields();
    await fields.remember(ada, story, { issuetype: { id: '7' }, why: 'x'.repeat(201), none: '' });
    expect(await fields.of(ada, story)).toEqual({});
  });

  it('is kept for the fifty places that were used last', async () => {
    const fields = rememberedFields();
    for (let at = 0; at < 51; at += 1) await fields.remember(ada, { ...story, projectKey: `P${at}` }, low);
    expect(await fields.of(ada, { ...story, projectKey: 'P0' })).toEqual({});
    expect(await fields.of(ada, { ...story, projectKey: 'P1' })).toEqual(low);
    expect(await fields.of(ada, { ...story, projectKey: 'P50' })).toEqual(low);
  });
});

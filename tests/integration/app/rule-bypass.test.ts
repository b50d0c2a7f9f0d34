import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, ines, omar } from '../../../src/lib/sandbox/people.ts';
import { startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

let running: RunningApp;
let admin: SignedIn;
let person: SignedIn;
beforeAll(async () => {
  running = await startApp({ config: { administrators: [ines.employeeId] } });
  admin = await running.join(ines);
  person = await running.join(alice);
});
afterAll(() => running.close());

/** A story with a summary that is too long, in a review. */
async function brokenStory(who: SignedIn): Promise<{ talk: Talk; draftId: string; version: number }> {
  const talk = await startTalk(running, who);
  await talk.toReview();
  const [story] = talk.ready();
  if (!story) throw new Error('There is no story.');
  const edit = { summary: `Export ${'of everything '.repeat(12)}` };
  const { conversationId } = talk;
  const { version } = await talk.tab.ask('draft:edit', {
    conversationId,
    draftId: story.id,
    baseVersion: story.version,
    edit,
  });
  await talk.untilDraft(story.id, (draft) => draft.version === version);
  return { talk, draftId: story.id, version };
}

const summaryRule = (talk: Talk, draftId: string) =>
  talk
    .drafts()
    .find(({ id }) => id === draftId)
    ?.rules.find(({ ruleId }) => ruleId === 'summary_length');

describe('Setting a broken rule aside', () => {
  it('is an administrator’s, with a reason that the card shows and that stays over edits', async () => {
    const { talk, draftId, version } = await brokenStory(admin);
    expect(summaryRule(talk, draftId)?.outcome).toBe('violation');
    const { conversationId } = talk;
    const aside = { conversationId, draftId, version, ruleId: 'summary_length', reason: 'A legal name.' };
    const { version: next } = await talk.tab.ask('draft:bypass', aside);
    await talk.untilDraft(draftId, (draft) => draft.version === next);
    expect(summaryRule(talk, draftId)).toMatchObject({
      outcome: 'bypassed',
      message: `Set aside by ${ines.employeeId}: A legal name.`,
    });

    const edited = await talk.tab.ask('draft:edit', {
      conversationId,
      draftId,
      baseVersion: next,
      edit: { stlcNotes: 'Export one.' },
    });
    await talk.untilDraft(draftId, (draft) => draft.version === edited.version);
    expect(summaryRule(talk, draftId)?.outcome).toBe('bypassed');
  });

  it('is refused to everybody else, and the attempt is on record', async () => {
    const { talk, aside, draftId } = await brokenStoryOf(person);
    await expect(talk.tab.ask('draft:bypass', aside)).rejects.toThrow('bypass_not_allowed');
    expect(summaryRule(talk, draftId)?.outcome).toBe('violation');
    expect(await audited('rule.bypass', 'refused')).toMatchObject([
      { employeeId: alice.employeeId, detail: { rule: 'summary_length' } },
    ]);
  });

  it('needs a reason, which an empty one is not', async () => {
    const { talk, aside, draftId } = await brokenStoryOf(admin);
    await expect(talk.tab.ask('draft:bypass', { ...aside, reason: ' - ' })).rejects.toThrow('reason_missing');
    expect(summaryRule(talk, draftId)?.outcome).toBe('violation');
  });
});

describe('What administrators decide about a rule', () => {
  const bypass = () => running.app.services.administration.bypass;
  const decide = (who: string, part: { people?: string[]; reasonRequired?: boolean } = {}) =>
    bypass().save(admin.actor, { summary_length: { who, people: [], reasonRequired: true, ...part } });

  it('holds at once, for pages that are open too: by name, for everybody, for nobody', async () => {
    const { termsFor } = running.app.services.bypassRules;
    const { talk, aside, draftId } = await brokenStoryOf(person);

    await decide('named', { people: [omar.employeeId] });
    await expect(talk.tab.ask('draft:bypass', aside)).rejects.toThrow('bypass_not_allowed');
    expect(await termsFor(person.actor)).toEqual({});

    await decide('nobody');
    await expect(talk.tab.ask('draft:bypass', aside)).rejects.toThrow('bypass_not_allowed');
    expect(await termsFor(admin.actor)).not.toHaveProperty('summary_length');

    await decide('named', { people: [alice.employeeId.toLowerCase()], reasonRequired: false });
    expect(await termsFor(person.actor)).toEqual({ summary_length: { reasonRequired: false } });
    const { version } = await talk.tab.ask('draft:bypass', { ...aside, reason: '' });
    await talk.untilDraft(draftId, (draft) => draft.version === version);
    expect(summaryRule(talk, draftId)).toMatchObject({
      outcome: 'bypassed',
      message: `Set aside by ${alice.employeeId}, who gave no reason`,
    });

    await decide('everybody');
    expect(await termsFor(person.actor)).toEqual({ summary_length: { reasonRequired: true } });
  });

  it('is on record, change by change, and what changes nothing is not', async () => {
    await decide('named', { people: [omar.employeeId] });
    const before = (await audited('rule.bypass_policy')).length;
    expect(await decide('named', { people: [omar.employeeId.toLowerCase()] })).toEqual({ changed: 0 });
    expect(await decide('nobody')).toEqual({ changed: 1 });
    const events = await audited('rule.bypass_policy');
    expect(events).toHaveLength(before + 1);
    expect(events[0]).toMatchObject({
      employeeId: ines.employeeId,
      detail: { rule: 'summary_length', who: 'nobody', whoBefore: 'named' },
    });
    expect((await audited('rule.bypass_withdraw'))[0]?.detail).toEqual({
      rule: 'summary_length',
      person: omar.employeeId,
    });
  });

  it('is refused where it makes no sense, and then nothing of it is kept', async () => {
    await decide('administrators');
    const wrong = {
      story_points: { who: 'everybody', people: [], reasonRequired: false },
      summary_length: { who: 'named', people: [], reasonRequired: true },
      required_sections: { who: 'the cat', people: [], reasonRequired: true },
      no_such_rule: { who: 'nobody', people: [], reasonRequired: true },
    };
    await expect(bypass().save(admin.actor, wrong)).rejects.toMatchObject({
      code: 'bypass_policy_invalid',
      fields: {
        summary_length: expect.any(String),
        required_sections: expect.any(String),
        no_such_rule: expect.any(String),
      },
    });
    const rules = await bypass().list(admin.actor);
    expect(rules.map(({ key }) => key)).toContain('patterns');
    for (const { policy } of rules)
      expect(policy).toEqual({ who: 'administrators', people: [], reasonRequired: true });
  });
});

async function brokenStoryOf(who: SignedIn) {
  const { talk, draftId, version } = await brokenStory(who);
  const { conversationId } = talk;
  const aside = { conversationId, draftId, version, ruleId: 'summary_length', reason: 'Because.' };
  return { talk, draftId, aside };
}

async function audited(action: string, outcome: 'ok' | 'refused' = 'ok') {
  const filter = { person: null, action, outcome, from: null, until: null };
  return (await running.app.services.administration.audit.page(admin.actor, filter, null)).events;
}

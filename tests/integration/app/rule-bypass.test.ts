import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice, ines } from '../../../src/lib/sandbox/people.ts';
import { startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

let running: RunningApp;
beforeEach(async () => {
  running = await startApp({ config: { administrators: [ines.employeeId] } });
});
afterEach(() => running.close());

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
    const { talk, draftId, version } = await brokenStory(await running.join(ines));
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

  it('is refused to everybody else', async () => {
    const { talk, draftId, version } = await brokenStory(await running.join(alice));
    const { conversationId } = talk;
    const aside = { conversationId, draftId, version, ruleId: 'summary_length', reason: 'Because.' };
    await expect(talk.tab.ask('draft:bypass', aside)).rejects.toThrow('not_administrator');
    expect(summaryRule(talk, draftId)?.outcome).toBe('violation');
  });
});

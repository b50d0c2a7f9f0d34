import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let running: RunningApp;
beforeEach(async () => {
  running = await startApp();
});
afterEach(() => running.close());

/** A story whose summary the person edited before the agent was told to call it otherwise. */
async function clash(): Promise<{ talk: Talk; draftId: string }> {
  const talk = await startTalk(running, await running.join(alice));
  await talk.toReview();
  const [story] = talk.ready();
  if (!story) throw new Error('There is no story.');
  const { conversationId } = talk;
  await talk.tab.ask('draft:edit', {
    conversationId,
    draftId: story.id,
    baseVersion: story.version,
    edit: { summary: 'What the person calls it' },
  });
  const text = 'Rename it to "What the agent calls it"';
  await talk.tab.ask('message:send', { conversationId, messageId: ulid(), text, draftIds: [story.id] });
  await talk.untilDraft(story.id, ({ conflicts }) => conflicts.length > 0);
  return { talk, draftId: story.id };
}

const draftIn = (talk: Talk, draftId: string) => {
  const draft = talk.drafts().find(({ id }) => id === draftId);
  const conflict = draft?.conflicts[0];
  if (!draft || !conflict) throw new Error('There is nothing to choose.');
  return { draft, conflict };
};

describe('A revision that meets the person’s edit', () => {
  it.each([
    ['mine', 'What the person calls it'],
    ['theirs', 'What the agent calls it'],
  ] as const)('is shown to choose, and “%s” becomes a new version', async (choice, summary) => {
    const { talk, draftId } = await clash();
    const { draft, conflict } = draftIn(talk, draftId);
    expect(draft.content.summary).toBe('What the person calls it');
    expect(conflict).toMatchObject({
      part: 'summary',
      mine: ['What the person calls it'],
      theirs: ['What the agent calls it'],
    });

    const { conversationId } = talk;
    const chosen = { conversationId, draftId, conflictId: conflict.id, choice };
    const { version } = await talk.tab.ask('draft:choose', { ...chosen, version: draft.version });
    expect(version).toBe(draft.version + 1);
    await talk.untilDraft(draftId, (now) => now.version === version && now.conflicts.length === 0);
    expect(talk.drafts().find(({ id }) => id === draftId)).toMatchObject({
      author: 'person',
      content: { summary },
    });

    await expect(talk.tab.ask('draft:choose', { ...chosen, version })).rejects.toThrow('conflict_settled');
  });
});

import { afterEach, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let running: RunningApp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

test('A story gives way to an issue that is there already, and the conversation says which', async () => {
  running = await startApp();
  const talk = await startTalk(running, await running.join(alice));
  await talk.toReview();
  const story = talk.ready().find(({ similar }) => similar.length > 0);
  const [issue] = story?.similar ?? [];
  if (!story || !issue) throw new Error('The radar found nothing.');
  const { conversationId } = talk;
  const aside = { conversationId, draftId: story.id, version: story.version };

  await expect(talk.tab.ask('draft:use_existing', { ...aside, issueKey: 'DEMO-9999' })).rejects.toThrow(
    'issue_not_similar',
  );
  await talk.tab.ask('draft:use_existing', { ...aside, issueKey: issue.key });

  await talk.tab.until(() => talk.drafts().every(({ id }) => id !== story.id));
  await talk.tab.until(() => talk.lastWords().includes(`[${issue.key}](${issue.url})`));
});

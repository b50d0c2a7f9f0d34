import { AsyncLocalStorage } from 'node:async_hooks';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, omar } from '../../../src/lib/sandbox/people.ts';
import type { Services } from '../../../src/lib/server/services/services.ts';
import { foreignEvents, nobodys, type Things } from '../../support/isolation-replays.ts';
import { startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

/** What one question made the database do; questions that others ask meanwhile go elsewhere. */
const statements = new AsyncLocalStorage<string[]>();
const prototype = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1')) as Record<
  'get' | 'all' | 'run',
  (this: { source: string }, ...values: unknown[]) => unknown
>;
const originals = { get: prototype.get, all: prototype.all, run: prototype.run };

let running: RunningApp;
let stranger: SignedIn;
let hers: Things;

beforeAll(async () => {
  for (const name of ['get', 'all', 'run'] as const)
    prototype[name] = function (...values) {
      // Whether the next commit is to wait for the disk is set where the last one asked otherwise: not this question's doing.
      if (!this.source.startsWith('PRAGMA synchronous')) statements.getStore()?.push(this.source);
      return originals[name].apply(this, values);
    };
  running = await startApp();
  const her = await running.join(alice);
  stranger = await running.join(omar);
  const talk = await startTalk(running, her);
  await talk.toReview();
  const { jobs, session, apiKeys } = running.app.services;
  await apiKeys.create(her.actor, { name: 'nightly', days: 30 });
  const [job] = await jobs.list(her.actor);
  const [key] = await apiKeys.list(her.actor);
  const live = await session.authenticate(her.cookie.slice(her.cookie.indexOf('=') + 1));
  const [draft] = talk.drafts();
  if (!job || !key || !live || !draft) throw new Error('Alice lacks something to ask for.');
  const message = talk.eventsOf('message_added')[0];
  hers = {
    ...nobodys,
    conversationId: talk.conversationId,
    draftId: draft.id,
    interruptId: talk.eventsOf('review')[0]?.body.interruptId ?? '',
    jobId: job.id,
    apiKeyId: key.id,
    sessionId: live.sessionId,
    messageId: message?.body.messageId ?? '',
    userId: her.actor.userId,
  };
});
afterAll(async () => {
  Object.assign(prototype, originals);
  await running?.close();
});

type Asked = (services: Services, who: SignedIn, things: Things) => Promise<unknown>;

/** Whatever names a thing by its id: a question, and every command of the channel. */
const questions: Record<string, Asked> = {
  'open a conversation': ({ conversations }, { actor }, { conversationId }) =>
    conversations.open(actor, conversationId),
  'read its events': ({ conversations }, { actor }, { conversationId }) =>
    conversations.eventsAfter(actor, conversationId, 0, 10),
  'export it': ({ conversations }, { actor }, { conversationId }) =>
    conversations.exportAs(actor, conversationId, 'json'),
  'rename it': ({ conversations }, { actor }, { conversationId }) =>
    conversations.rename(actor, conversationId, 'Mine'),
  'remove it': ({ conversations }, { actor }, { conversationId }) =>
    conversations.remove(actor, conversationId),
  'restore it': ({ conversations }, { actor }, { conversationId }) =>
    conversations.restore(actor, conversationId),
  'read versions': ({ conversations }, { actor }, { conversationId, draftId }) =>
    conversations.draftVersions(actor, conversationId, draftId, null),
  'add a source': ({ conversations }, { actor }, { conversationId }) =>
    conversations.addSource(actor, conversationId, { kind: 'text', title: 'T', text: 'Text' }),
  'read a job': ({ jobs }, { actor }, { jobId }) => jobs.get(actor, jobId),
  'retry a job': ({ jobs }, { actor }, { jobId }) => jobs.retry(actor, jobId),
  'cancel a job': ({ jobs }, { actor }, { jobId }) => jobs.cancel(actor, jobId),
  'end a session': ({ session }, { actor }, { sessionId }) => session.end(actor, sessionId),
  'revoke a key': ({ apiKeys }, { actor }, { apiKeyId }) => apiKeys.revoke(actor, apiKeyId),
  ...Object.fromEntries(
    Object.entries(foreignEvents)
      .filter(([name]) => !['conversation:join', 'conversation:leave'].includes(name))
      .map(([name, payload]): [string, Asked] => [
        name,
        ({ commands }, { actor }, things) =>
          (commands as Record<string, (who: typeof actor, sent: object) => Promise<unknown>>)[name]?.(
            actor,
            payload(things),
          ) ?? Promise.reject(new Error(`There is no command ${name}.`)),
      ]),
  ),
};

describe('what is somebody else’s costs the same work as what is not there', () => {
  it.each(Object.entries(questions))('%s', async (_name, ask) => {
    const theirs = await workOf(() => ask(running.app.services, stranger, hers));
    const missing = await workOf(() => ask(running.app.services, stranger, nobodys));
    expect(theirs).toEqual(missing);
    expect(theirs.refusal).not.toBe('let through');
    expect(theirs.statements.length).toBeGreaterThan(0);
  });
});

/** The statements that ran, in their order, and the refusal that came of it. */
async function workOf(ask: () => Promise<unknown>): Promise<{ statements: string[]; refusal: string }> {
  const ran: string[] = [];
  const refusal = await statements.run(ran, () =>
    ask().then(
      () => 'let through',
      (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
    ),
  );
  return { statements: ran, refusal };
}

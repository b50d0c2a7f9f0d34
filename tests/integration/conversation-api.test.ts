import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  runEventSchema,
  runEventTypes,
  type ConversationStatus,
  type RunEvent,
} from '../../src/lib/contracts/run-event.ts';
import { practicePeople } from '../../src/lib/sandbox/people.ts';
import { serveApi, type ApiServer } from '../support/api-server.ts';
import { readEventStream } from '../support/event-stream-reader.ts';
import { requirement } from '../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../support/running-app.ts';

const [ada, ben] = practicePeople;
if (!ada || !ben) throw new Error('There are practice people.');

let running: RunningApp;
let api: ApiServer;
let me: SignedIn;
let other: SignedIn;
let key: string;
const streams: Awaited<ReturnType<typeof readEventStream>>[] = [];

beforeAll(async () => {
  running = await startApp();
  api = await serveApi(running.app);
  me = await running.join(ada);
  other = await running.join(ben);
  key = (await running.app.services.apiKeys.create(me.actor, { name: 'script', days: 30 })).text;
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(async () => {
  await api.close();
  await running.close();
});

const bearer = (text = key) => ({ authorization: `Bearer ${text}` });

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${api.url}${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

const post = (path: string, body: unknown, headers: Record<string, string> = bearer()) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function newConversation(headers = bearer() as Record<string, string>): Promise<string> {
  const { body } = await post('/api/conversations', { projectKey: 'DEMO' }, headers);
  const { conversationId } = body as Record<string, unknown>;
  return String(conversationId);
}

async function follow(conversationId: string, headers: Record<string, string> = bearer(), query = '') {
  const stream = await readEventStream(
    `${api.url}/api/conversations/${conversationId}/events${query}`,
    headers,
  );
  streams.push(stream);
  const runEvents = () => stream.messages.filter(({ id }) => id !== null).map(({ data }) => data as RunEvent);
  const untilStatus = (status: ConversationStatus) =>
    stream.until(() =>
      runEvents().some((event) => event.type === 'conversation_changed' && event.body.status === status),
    );
  return { ...stream, runEvents, untilStatus };
}

describe('a script with a personal key', () => {
  it('drives a conversation from the requirement to the review', async () => {
    const conversationId = await newConversation();
    const stream = await follow(conversationId);
    const says = await post(`/api/conversations/${conversationId}/commands/message:send`, {
      messageId: ulid(),
      text: requirement,
    });
    expect(says).toMatchObject({ status: 200, body: { ok: true, result: { queued: false } } });
    await stream.untilStatus('needs_answer');
    const clarify = stream.runEvents().find((event) => event.type === 'clarify');
    const { interruptId, questions } = clarify?.body as { interruptId: string; questions: { id: string }[] };
    const answers = questions.map(({ id: questionId }) => ({ questionId, text: null }));
    await post(`/api/conversations/${conversationId}/commands/clarify:answer`, { interruptId, answers });
    await stream.untilStatus('needs_review');

    const { body } = await ask(`/api/conversations/${conversationId}`, { headers: bearer() });
    expect(body).toMatchObject({ conversation: { id: conversationId, status: 'needs_review' } });
    for (const { id, event, data } of stream.messages.filter(({ id }) => id !== null)) {
      expect(runEventTypes).toContain(event);
      expect(runEventSchema.parse(data)).toMatchObject({ type: event, seq: Number(id) });
    }
    expect(stream.messages.some(({ event }) => event === 'assistant_token')).toBe(true);
  });

  it('comes back with Last-Event-ID and gets exactly what it missed', async () => {
    const conversationId = await newConversation();
    const first = await follow(conversationId);
    await post(`/api/conversations/${conversationId}/commands/message:send`, {
      messageId: ulid(),
      text: 'Hello',
    });
    await first.until(() => first.messages.some(({ event }) => event === 'run_ended'));
    const before = first.runEvents().slice(0, 2).at(-1)?.seq ?? 0;
    for (const [headers, query] of [
      [{ ...bearer(), 'last-event-id': String(before) }, ''],
      [bearer(), `?after=${before}`],
    ] as const) {
      const again = await follow(conversationId, headers, query);
      await again.until(() => again.messages.some(({ event }) => event === 'run_ended'));
      expect(again.runEvents()[0]?.covers ?? again.runEvents()[0]?.seq).toBe(before + 1);
    }
  });

  it('is refused with a wrong key, a revoked one, or none, and learns nothing', async () => {
    const { apiKeys } = running.app.services;
    const { key: revoked, text } = await apiKeys.create(me.actor, { name: 'old', days: 30 });
    await apiKeys.revoke(me.actor, revoked.id);
    for (const headers of [bearer(text), bearer(`blk_${'A'.repeat(43)}`), bearer('nonsense'), undefined]) {
      const { status, body } = await ask('/api/conversations', headers && { headers });
      expect(status).toBe(401);
      expect(JSON.stringify(body)).not.toContain(text);
    }
  });

  it("finds nothing of anybody else's", async () => {
    const theirs = await newConversation({ cookie: other.cookie, origin: running.app.settings.origin });
    const { status, body } = await ask(`/api/conversations/${theirs}`, { headers: bearer() });
    expect({ status, body }).toMatchObject({
      status: 404,
      body: { problem: { code: 'conversation_missing' } },
    });
    await expect(follow(theirs)).rejects.toThrow('404');
    const sent = await post(`/api/conversations/${theirs}/commands/message:send`, {
      messageId: ulid(),
      text: 'Mine now',
    });
    expect(sent).toMatchObject({ status: 404, body: { ok: false } });
  });

  it('is told what is wrong with a command, and nothing happens', async () => {
    const conversationId = await newConversation();
    const at = (event: string) => `/api/conversations/${conversationId}/commands/${event}`;
    const message = { messageId: ulid(), text: 'x' };
    const refused: [string, unknown, number][] = [
      ['no:such', {}, 404],
      ['conversation:join', { afterSeq: 0 }, 404],
      ['__proto__', {}, 404],
      ['message:send', {}, 400],
      ['message:send', [], 400],
      ['message:send', { ...message, text: ' ' }, 400],
      ['message:send', { ...message, conversationId: 'another' }, 400],
      ['message:send', { ...message, pad: 'p'.repeat(70_000) }, 400],
      ['clarify:answer', { interruptId: 'none', answers: [{ questionId: 'A1', text: 'x' }] }, 409],
    ];
    for (const [event, body, status] of refused) {
      const answer = await post(at(event), body);
      expect(answer, `${event} ${JSON.stringify(body).slice(0, 60)}`).toMatchObject({
        status,
        body: { ok: false, problem: { code: expect.any(String), requestId: 'test-request-2' } },
      });
    }
    const asText = await ask(at('message:send'), {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'text/plain' },
      body: JSON.stringify(message),
    });
    expect(asText.status).toBe(400);
    const { body } = await ask(`/api/conversations/${conversationId}`, { headers: bearer() });
    expect(body).toMatchObject({ lastSeq: 0 });
  });

  it('is slowed down when it asks too fast', async () => {
    const { text } = await running.app.services.apiKeys.create(other.actor, { name: 'hasty', days: 30 });
    // The clock stands still, so that a slow machine asks as fast as any.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => ask('/api/conversations', { headers: bearer(text) })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(20);
    expect(refused[0]?.body).toMatchObject({ problem: { code: 'too_many_requests', retryable: true } });
  });

  it('loses its stream when its key is revoked', async () => {
    const { apiKeys } = running.app.services;
    const { key: made, text } = await apiKeys.create(me.actor, { name: 'short', days: 30 });
    const stream = await follow(await newConversation(), bearer(text));
    await apiKeys.revoke(me.actor, made.id);
    await stream.ended;
    expect(stream.messages.at(-1)).toMatchObject({ event: 'session:ended' });
  });

  it('has no key any more once the password is changed', async () => {
    const { apiKeys, session } = running.app.services;
    const { text } = await apiKeys.create(other.actor, { name: 'before', days: 30 });
    const live = await session.authenticate(other.cookie.split('=')[1]);
    if (!live) throw new Error('Ben is signed in.');
    const passwords = { currentPassword: 'Correct-horse-9', password: 'Another-horse-9' };
    await session.changePassword(other.actor, live, passwords);
    expect((await ask('/api/conversations', { headers: bearer(text) })).status).toBe(401);
  });
});

describe('a page without the channel', () => {
  const page = () => ({ cookie: me.cookie, origin: running.app.settings.origin });

  it('follows with its session, and its stream ends with it', async () => {
    const again = await running.signIn(ada);
    const cookie = { cookie: again.cookie };
    const conversationId = await newConversation(page());
    const stream = await follow(conversationId, cookie, '?channelVersion=1');
    await stream.until(() => stream.messages.length >= 2);
    expect(stream.messages).toMatchObject([
      { event: 'server:hello', data: { build: 'development' } },
      { event: 'conversation:joined', data: { lastSeq: 0 } },
    ]);
    const live = await running.app.services.session.authenticate(again.cookie.split('=')[1]);
    if (live) await running.app.services.session.signOut(live, 'test-request-1');
    await stream.ended;
    expect(stream.messages.at(-1)?.event).toBe('session:ended');
  });

  it('is told to reload when it is from another version', async () => {
    const conversationId = await newConversation(page());
    await expect(follow(conversationId, page(), '?channelVersion=0')).rejects.toThrow(/409.*"reload"/);
  });

  it('cannot be moved by a page from elsewhere', async () => {
    const foreign = { cookie: me.cookie, origin: 'http://evil.test' };
    expect((await post('/api/conversations', { projectKey: 'DEMO' }, foreign)).status).toBe(403);
  });

  it('may hold twenty streams, and no more', async () => {
    const conversationId = await newConversation(page());
    for (let n = 0; n < 20; n++) await follow(conversationId, page());
    await expect(follow(conversationId, page())).rejects.toThrow('429');
  });
});

it('keeps a key out of the database and the audit log', async () => {
  const { apiKeys } = running.app.services;
  const listed = (await apiKeys.list(me.actor)).at(-1);
  expect(listed).toMatchObject({ name: 'script', prefix: key.slice(0, 8) });
  expect(JSON.stringify(listed)).not.toContain(key);
  for (let n = (await apiKeys.list(me.actor)).length; n < 10; n++)
    await apiKeys.create(me.actor, { name: `key ${n}`, days: 30 });
  await expect(apiKeys.create(me.actor, { name: 'one more', days: 30 })).rejects.toMatchObject({
    code: 'too_many_api_keys',
  });
});

import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { RunInput } from '../../src/lib/agent/ports.ts';
import { UpstreamError } from '../../src/lib/server/errors/app-error.ts';
import { completed, untilAborted, useConversations } from '../support/conversation-tests.ts';

const { ada, start, newConversation, say } = useConversations();

describe('a message', () => {
  it('is stored with its run, worked on, and comes to rest', async () => {
    const world = start(async (_input, { emit }) => {
      emit({
        type: 'message_added',
        body: { messageId: 'answer', role: 'assistant', text: 'Done.', number: null },
      });
      return completed;
    });
    const conversationId = await newConversation(world);
    const { queued } = await say(world, conversationId);
    await world.untilEvent(conversationId, 'run_ended');

    expect(queued).toBe(false);
    const opened = await world.conversations.open(ada(), conversationId);
    expect(opened.events.map(({ type }) => type)).toEqual([
      'message_added',
      'run_started',
      'message_added',
      'run_ended',
      // The newest state alone: what it was before no reader needs.
      'conversation_changed',
    ]);
    expect(opened.summary).toMatchObject({ status: 'done', title: 'Invoices as PDF.' });
    expect(await world.transcript.messages(conversationId)).toMatchObject([
      { role: 'user', number: 1 },
      { messageId: 'answer', role: 'assistant' },
    ]);
  });

  it('that is sent twice under one id is stored once', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    const messageId = ulid();
    const [first, second] = await Promise.all([
      say(world, conversationId, 'Once.', messageId),
      say(world, conversationId, 'Once.', messageId),
    ]);
    await world.untilEvent(conversationId, 'run_ended');
    expect(second.runId).toBe(first.runId);
    expect(await world.transcript.messages(conversationId)).toHaveLength(1);
  });

  it('waits in order while a run is at work, and can be withdrawn until then', async () => {
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const world = start(async (input) => {
      if (input.kind === 'message') seen.push(input.text);
      await gate.promise;
      return completed;
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId, 'one');
    const withdrawn = ulid();
    expect(await say(world, conversationId, 'two')).toEqual({ runId: null, queued: true });
    await say(world, conversationId, 'three', withdrawn);
    await say(world, conversationId, 'four');
    await world.commands['message:withdraw'](ada(), { conversationId, messageId: withdrawn });
    gate.resolve();
    await world.untilEvent(conversationId, 'message_added', ({ text }) => text === 'four');
    await world.runs.settled(conversationId);

    expect(seen).toEqual(['one', 'two', 'four']);
    await expect(
      world.commands['message:withdraw'](ada(), { conversationId, messageId: withdrawn }),
    ).rejects.toMatchObject({ code: 'message_not_queued' });
  });
});

describe('a run', () => {
  it('keeps what was written when it is stopped, and can be continued with the same input', async () => {
    const inputs: RunInput[] = [];
    const world = start(async (input, context) => {
      inputs.push(input);
      if (inputs.length > 1) return completed;
      context.tokens.push('s1', 'message', 'Half a ');
      context.tokens.push('s1', 'message', 'sentence');
      return untilAborted(context);
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.untilEvent(conversationId, 'assistant_token');
    expect(await world.commands['run:stop'](ada(), { conversationId })).toEqual({ stopped: true });
    const ended = await world.untilEvent(conversationId, 'run_ended');
    expect(ended.body).toEqual({ end: 'stopped', problem: null });

    const events = await world.eventsOf(ada(), conversationId);
    expect(events.filter(({ type }) => type === 'assistant_token')).toEqual([]);
    expect(events.find(({ type }) => type === 'stream_ended')?.body).toEqual({
      streamId: 's1',
      channel: 'message',
      text: 'Half a sentence',
      cut: true,
    });
    expectNoGaps(events);

    await world.commands['run:continue'](ada(), { conversationId });
    await world.untilEvent(conversationId, 'run_ended', ({ end }) => end === 'completed');
    expect(inputs[1]).toEqual(inputs[0]);
  });

  it('that fails says why, and what waits behind it stays until it is continued', async () => {
    let failing = true;
    const world = start(async () => {
      if (failing)
        throw new UpstreamError('llm_down', 'The model does not answer.', {
          upstream: 'llm',
          kind: 'unknown',
        });
      return completed;
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId, 'one');
    await say(world, conversationId, 'two');
    const ended = await world.untilEvent(conversationId, 'run_ended');
    expect(ended.body).toMatchObject({ end: 'failed', problem: { code: 'llm_down', retryable: true } });
    expect((await world.conversations.open(ada(), conversationId)).summary.status).toBe('failed');

    failing = false;
    await world.commands['run:continue'](ada(), { conversationId });
    await world.untilEvent(conversationId, 'message_added', ({ text }) => text === 'two');
    await world.runs.settled(conversationId);
  });

  it('whose process died is closed at the next start and can be continued', async () => {
    const dead = start(async (_input, context) => {
      context.tokens.push('s1', 'message', 'Before the crash');
      return new Promise(() => undefined);
    });
    const conversationId = await newConversation(dead);
    await say(dead, conversationId);
    await dead.untilEvent(conversationId, 'assistant_token');

    const world = start(async () => completed, { processId: 'here/2/b', isGone: () => true });
    expect(await world.reap()).toBe(1);
    const opened = await world.conversations.open(ada(), conversationId);
    expect(opened.summary.status).toBe('interrupted');
    expect(opened.events.find(({ type }) => type === 'stream_ended')?.body).toMatchObject({
      text: 'Before the crash',
    });

    await world.commands['run:continue'](ada(), { conversationId });
    await world.untilEvent(conversationId, 'run_ended', ({ end }) => end === 'completed');
    dead.runs.stop(conversationId);
    await dead.runs.settled(conversationId);
    const ends = (await world.eventsOf(ada(), conversationId)).filter(({ type }) => type === 'run_ended');
    expect(ends.map(({ body }) => body)).toMatchObject([{ end: 'interrupted' }, { end: 'completed' }]);
  });

  it('is left alone by the reaper while its process lives and beats', async () => {
    const world = start(async (_input, context) => untilAborted(context));
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    const other = start(async () => completed, { processId: 'here/2/b', isGone: () => false });
    expect(await other.reap()).toBe(0);
    expect(await world.reap()).toBe(0);
  });

  it('that ignores its stop is released, and writes nothing more', async () => {
    const late = Promise.withResolvers<void>();
    const world = start(
      async (_input, { emit }) => {
        await late.promise;
        emit({
          type: 'message_added',
          body: { messageId: 'late', role: 'assistant', text: 'Late.', number: null },
        });
        return completed;
      },
      { releaseAfterMs: 10 },
    );
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.commands['run:stop'](ada(), { conversationId });
    await world.untilEvent(conversationId, 'run_ended');
    late.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    await world.journal.flush();
    const events = await world.eventsOf(ada(), conversationId);
    expect(events.at(-1)?.type).toBe('conversation_changed');
    expect(await world.transcript.messages(conversationId)).toHaveLength(1);
  });

  it('is marked as interrupted when the product shuts down', async () => {
    const world = start(async (_input, context) => untilAborted(context));
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.runs.dispose();
    expect((await world.conversations.open(ada(), conversationId)).summary.status).toBe('interrupted');
  });
});

function expectNoGaps(events: { seq: number; covers?: number | undefined }[]): void {
  let before = 0;
  for (const { seq, covers } of events) {
    expect(covers ?? seq).toBe(before + 1);
    before = seq;
  }
}

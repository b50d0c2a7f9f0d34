import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { applyEvents, stateOf } from '../../src/lib/components/conversation-state.ts';
import type { RunEvent } from '../../src/lib/contracts/run-event.ts';
import type { ConversationReader } from '../../src/lib/server/services/services.ts';
import { expectNoGaps } from '../support/channel-tabs.ts';
import { completed, untilAborted, useConversations } from '../support/conversation-tests.ts';

const { ada, db, start, newConversation, say } = useConversations();

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** What is committed, whether anybody may know of it or not. */
function storedTypes(conversationId: string): string[] {
  return db()
    .sqlite.prepare('select type from run_event where conversation_id = ? order by seq')
    .pluck()
    .all(conversationId) as string[];
}

/** A reader that keeps everything, and takes no more than `room` batches before it asks for a pause. */
function collectingReader(room = Infinity) {
  const events: RunEvent[] = [];
  const arrived = new EventTarget();
  let batches = 0;
  const reader: ConversationReader = {
    take(taken) {
      events.push(...taken);
      arrived.dispatchEvent(new Event('events'));
      return ++batches % room !== 0;
    },
    ready: () => new Promise((resolve) => setImmediate(resolve)),
    cut: (error) => {
      throw error;
    },
  };
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => holds() && resolve();
      arrived.addEventListener('events', look);
      look();
    });
  return { reader, events, until };
}

describe('a journal', () => {
  it('gives every reader the same, whenever it comes and however slow it is', async () => {
    const world = start(async (_input, context) => {
      for (let n = 0; n < 1_500; n++) {
        context.tokens.push(`s${n % 3}`, 'message', `${n} `);
        if (n % 7 === 0) context.step('draft', `Part ${n}`)();
        if (n % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return completed;
    });
    const conversationId = await newConversation(world);
    const follow = async (afterSeq: number, room?: number) => {
      const collected = collectingReader(room);
      const feed = await world.conversations.follow(ada(), conversationId, afterSeq, collected.reader);
      feed.start();
      return { ...collected, feed };
    };
    const readers = [await follow(0), await follow(0, 1)];
    await say(world, conversationId);
    for (const room of [Infinity, 1, 3]) {
      await readers[0]?.until(() => (readers[0]?.events.length ?? 0) > readers.length * 80);
      readers.push(await follow(0, room));
    }
    await world.runs.settled(conversationId);
    readers.push(await follow(0));

    const whole = await world.eventsOf(ada(), conversationId);
    const last = whole.at(-1)?.seq;
    const shown = (events: RunEvent[]) =>
      applyEvents(stateOf({ id: conversationId, title: '', status: 'empty', projectKey: null }), events);
    for (const { events, until, feed } of readers) {
      await until(() => events.at(-1)?.seq === last);
      feed.stop();
      expectNoGaps(events);
      expect(shown(events)).toEqual(shown(whole));
    }
  });

  it('lets a run begin at once, and tells nobody of what started it before the disk has it', async () => {
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let owes = true;
    const told: string[] = [];
    const world = start(
      async (_input, context) => {
        begun.resolve();
        context.tokens.push('s1', 'message', 'Hello');
        return completed;
      },
      { disk: { owes: () => owes, settled: () => held.promise } },
    );
    const conversationId = await newConversation(world);
    world.publisher.subscribe(conversationId, (events) => told.push(...events.map(({ type }) => type)));
    const acked = say(world, conversationId).then(() => told.push('ack'));
    const read = world.eventsOf(ada(), conversationId).then((events) => events.length);
    await begun.promise;
    // Until everything that can happen without the disk has happened.
    while (!storedTypes(conversationId).includes('run_ended')) await nextTurn();
    expect(told).toEqual([]);

    owes = false;
    held.resolve();
    await acked;
    await world.runs.settled(conversationId);
    expect(told.slice(0, 2)).toEqual(['message_added', 'run_started']);
    expect(told).toContain('assistant_token');
    expect(told.indexOf('ack')).toBeGreaterThan(told.indexOf('run_started'));
    expect(await read).toBeGreaterThan(0);
  });

  it('tells nobody of what the disk refused, its sender least of all', async () => {
    const refused = Object.assign(new Error('refused'), { code: 'SQLITE_IOERR_FSYNC' });
    let broken = true;
    const world = start(async () => completed, {
      disk: { owes: () => broken, settled: () => (broken ? Promise.reject(refused) : Promise.resolve()) },
    });
    const conversationId = await newConversation(world);
    const told: string[] = [];
    world.publisher.subscribe(conversationId, (events) => told.push(...events.map(({ type }) => type)));
    await expect(say(world, conversationId)).rejects.toBe(refused);
    await world.runs.settled(conversationId);
    expect(told).toEqual([]);
    broken = false;
    await world.runs.storeEnds();
  });

  it('replays 10,000 events in moments', async () => {
    const world = start(async (_input, context) => {
      for (let n = 0; n < 10_000; n++) context.step('draft', `Part ${n}`)();
      return completed;
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.untilEvent(conversationId, 'run_ended');
    const before = performance.now();
    const { events } = await world.conversations.open(ada(), conversationId);
    const took = performance.now() - before;
    expect(events.length).toBeGreaterThan(10_000);
    expect(took).toBeLessThan(1_500);
  });

  it('keeps seqs without gaps over any run, and the same text, once it is compacted', async () => {
    const piece = fc.record({
      stream: fc.constantFrom('a', 'b'),
      text: fc.string({ minLength: 1, maxLength: 5 }),
      pause: fc.boolean(),
      step: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 25 }), fc.boolean(), async (pieces, stops) => {
        const world = start(
          async (_input, context) => {
            for (const { stream, text, pause, step } of pieces) {
              context.tokens.push(stream, 'message', text);
              if (step) context.step('draft', 'Working')();
              if (pause) await new Promise((resolve) => setImmediate(resolve));
            }
            return stops ? untilAborted(context) : completed;
          },
          { processId: ulid() },
        );
        const conversationId = await newConversation(world);
        const live = collectingReader();
        const feed = await world.conversations.follow(ada(), conversationId, 0, live.reader);
        feed.start();
        await say(world, conversationId);
        if (stops) world.runs.stop(conversationId);
        await world.runs.settled(conversationId);
        await world.journal.flush();
        const kept = await world.eventsOf(ada(), conversationId);
        await live.until(() => live.events.at(-1)?.seq === kept.at(-1)?.seq);
        feed.stop();

        expectNoGaps(kept);
        expect(kept.some(({ type }) => type === 'assistant_token')).toBe(false);
        expect(endsOf(kept)).toEqual(endsOf(live.events));
      }),
      { numRuns: 40 },
    );
  });

  it('never tells a seq twice after a power cut that cost the last pieces of a text', async () => {
    const dead = start(async (_input, context) => {
      for (let n = 0; n < 20; n++) {
        context.tokens.push('s1', 'message', `${n} `);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return new Promise(() => undefined);
    });
    const conversationId = await newConversation(dead);
    await say(dead, conversationId);
    await dead.untilEvent(conversationId, 'assistant_token', ({ delta }) => delta.includes('19'));
    const seen = await dead.eventsOf(ada(), conversationId);
    const lastKept = seen.length - 5;
    // What the disk never got: the last pieces, and the counter that went with them.
    db()
      .sqlite.prepare('delete from run_event where conversation_id = ? and seq > ?')
      .run(conversationId, lastKept);
    db().sqlite.prepare('update conversation set last_seq = ? where id = ?').run(lastKept, conversationId);

    const world = start(async () => completed, { processId: 'here/2/b', isGone: () => true });
    await world.reap();
    const told = await world.conversations.eventsAfter(ada(), conversationId, seen.at(-1)?.seq ?? 0, 100);
    const state = applyEvents(
      stateOf({ id: conversationId, title: '', status: 'empty', projectKey: null }, seen),
      told,
    );
    expect(state).toMatchObject({ gap: false, running: null, lastEnd: { end: 'interrupted' } });
  });
});

/** The text of each stream that was cut, as a page would show it. */
function endsOf(events: RunEvent[]) {
  const state = stateOf(
    { id: events[0]?.conversationId ?? '', title: '', status: 'empty', projectKey: null },
    events,
  );
  return state.timeline.filter(({ kind }) => kind === 'message');
}

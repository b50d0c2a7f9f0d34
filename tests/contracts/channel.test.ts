import { ulid } from 'ulid';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { runEventSchema } from '../../src/lib/contracts/run-event.ts';
import { cookieName, pageOrigin, type Tab } from '../support/channel-process.ts';
import {
  codeOf,
  expectNoGaps,
  openTab,
  shownBy,
  startChannelProcess,
  untilRested,
  type OpenTab,
} from '../support/channel-tabs.ts';

for (const engine of ['ws', 'uws'] as const) {
  const channel = await startChannelProcess(engine);
  describe(`the channel on ${engine}`, () => {
    if ('unavailable' in channel) return it('can be opened', ({ skip }) => skip(channel.unavailable));
    const tabs: OpenTab[] = [];
    const open = async (who: Tab = 'ada', options: Parameters<typeof openTab>[2] = {}) => {
      const tab = await openTab(channel, who, options);
      tabs.push(tab);
      return tab;
    };
    const newConversation = async () =>
      (await channel.tell<{ conversationId: string }>({ do: 'new_conversation' })).conversationId;
    const say = (tab: OpenTab, conversationId: string, text: string) =>
      tab.ask('message:send', { conversationId, messageId: ulid(), text });
    afterEach(() => {
      tabs.splice(0).forEach(closeTab);
    });
    afterAll(() => channel.stop());

    it('runs on the engine that was asked for', () => expect(channel.engine).toBe(engine));

    describe('lets in', () => {
      for (const transports of [['websocket'], ['polling']] as const) {
        it(`only our pages' origin to the letter, over ${transports[0]}`, async () => {
          const origins = [
            'http://pages.test',
            'http://pages.test:3001',
            'https://pages.test:3000',
            'http://PAGES.test:3000',
            'http://pages.test:3000/',
            'http://pages.test:3000.evil.test',
            'http://evil.test?http://pages.test:3000',
            'http://user@pages.test:3000',
            'null',
            'file://',
            '',
            null,
          ];
          for (const origin of origins) {
            await expect(
              open('ada', { origin, transports: [...transports] }),
              String(origin),
            ).rejects.toThrow();
          }
          const tab = await open('ada', { origin: pageOrigin, transports: [...transports] });
          expect(tab.socket.connected).toBe(true);
        });
      }

      it('only who has a live session', async () => {
        for (const cookie of ['', `${cookieName}=`, `${cookieName}=forged`, `other=${channel.cookies.ada}`]) {
          await expect(open('ada', { cookie })).rejects.toMatchObject({ data: { code: 'session_over' } });
        }
      });

      it('only pages of its own version', async () => {
        for (const auth of [{}, { channelVersion: 0 }, { channelVersion: '1' }]) {
          await expect(open('ada', { auth })).rejects.toMatchObject({ data: { code: 'reload' } });
        }
      });

      it('twenty tabs of one person, and others all the same', async () => {
        for (let n = 0; n < 20; n++) await open('ada');
        await expect(open('ada')).rejects.toMatchObject({ data: { code: 'too_many_connections' } });
        await open('bob');
        tabs.shift()?.close();
        await expect
          .poll(() =>
            open('ada').then(
              () => true,
              () => false,
            ),
          )
          .toBe(true);
      });
    });

    it('says which build it serves', async () => {
      const tab = await open();
      await tab.until(() => tab.seen.length > 0);
      expect(tab.seen[0]).toEqual({
        name: 'server:hello',
        message: { build: 'test-build', channelVersion: 1 },
      });
    });

    it('streams a run live, and every event fits its contract', async () => {
      const tab = await open();
      const conversationId = await newConversation();
      expect(await tab.ask('conversation:join', { conversationId, afterSeq: 0 })).toEqual({ lastSeq: 0 });
      await say(tab, conversationId, 'tokens 60');
      await tab.untilEvent('run_ended');
      for (const event of tab.events) expect(runEventSchema.parse(event)).toEqual(event);
      expectNoGaps(tab.events);
      const written = tab.events.flatMap((event) =>
        event.type === 'assistant_token' ? [event.body.delta] : [],
      );
      expect(written.join('')).toBe(Array.from({ length: 60 }, (_, n) => `${n + 1} `).join(''));
      // Pieces of one turn travel together.
      expect(written.length).toBeLessThan(60);
    });

    it('shows every tab the same, however and whenever it joins', async () => {
      const first = await open();
      const conversationId = await newConversation();
      await first.ask('conversation:join', { conversationId, afterSeq: 0 });
      await say(first, conversationId, 'tokens 400');
      await first.untilEvent('assistant_token', 3);
      const midRun = await open('adaElsewhere');
      await midRun.ask('conversation:join', { conversationId, afterSeq: 0 });
      const polling = await open('ada', { transports: ['polling'] });
      await polling.ask('conversation:join', { conversationId, afterSeq: 0 });
      await Promise.all([first, midRun, polling].map(untilRested));
      const afterwards = await open();
      await afterwards.ask('conversation:join', { conversationId, afterSeq: 0 });
      await untilRested(afterwards);

      for (const tab of [midRun, polling, afterwards]) expect(shownBy(tab)).toEqual(shownBy(first));
      for (const { events } of [first, midRun, polling, afterwards]) expectNoGaps(events);
    });

    it('gives a tab that comes back exactly what it missed', async () => {
      const tab = await open();
      const conversationId = await newConversation();
      await tab.ask('conversation:join', { conversationId, afterSeq: 0 });
      await say(tab, conversationId, 'bulk 5');
      await tab.untilEvent('run_ended');
      tab.close();
      const seen = tab.events.at(-1)?.seq ?? 0;
      const back = await open();
      const { lastSeq } = await back.ask('conversation:join', { conversationId, afterSeq: seen - 3 });
      await back.until(() => back.events.at(-1)?.seq === lastSeq);
      expect(back.events.map(({ seq }) => seq)).toEqual(
        [lastSeq - 2, lastSeq - 1, lastSeq].filter((seq) => seq > seen - 3),
      );
    });

    it('replays much to a slow reader without dropping any of it', async () => {
      const tab = await open();
      const conversationId = await newConversation();
      await tab.ask('conversation:join', { conversationId, afterSeq: 0 });
      await say(tab, conversationId, 'bulk 2500');
      await tab.untilEvent('run_ended');
      const late = await open();
      await late.ask('conversation:join', { conversationId, afterSeq: 0 });
      await untilRested(late);
      // What has been overtaken is covered; all else is told as it was, the last of each step with it.
      const told = new Map(tab.events.map((event) => [event.seq, event]));
      const replayed = late.events.map(({ covers: _, ...event }) => event);
      expect(replayed).toEqual(replayed.map(({ seq }) => told.get(seq)));
      expect(replayed.filter(({ type }) => type === 'step')).toHaveLength(2_500);
      expect(shownBy(late)).toEqual(shownBy(tab));
      expectNoGaps(late.events);
    });

    it('stops a run and keeps what was written', async () => {
      const tab = await open();
      const conversationId = await newConversation();
      await tab.ask('conversation:join', { conversationId, afterSeq: 0 });
      await say(tab, conversationId, 'hold');
      await tab.untilEvent('assistant_token');
      expect(await tab.ask('run:stop', { conversationId })).toEqual({ stopped: true });
      expect((await tab.untilEvent('run_ended')).body.end).toBe('stopped');
      expect((await tab.untilEvent('stream_ended')).body).toMatchObject({ text: 'Half of it', cut: true });
    });

    it('queues a message that is sent while it works', async () => {
      const tab = await open();
      const conversationId = await newConversation();
      await tab.ask('conversation:join', { conversationId, afterSeq: 0 });
      await say(tab, conversationId, 'hold');
      expect(await say(tab, conversationId, 'next')).toEqual({ runId: null, queued: true });
      await tab.untilEvent('message_queued');
      await tab.ask('run:stop', { conversationId });
      await tab.untilEvent('run_ended', 2);
      expect((await tab.untilEvent('message_added', 2)).body.text).toBe('next');
    });

    it('lets exactly one of two tabs answer a question', async () => {
      const [one, two] = [await open(), await open('adaElsewhere')];
      const conversationId = await newConversation();
      for (const tab of [one, two]) await tab.ask('conversation:join', { conversationId, afterSeq: 0 });
      await say(one, conversationId, 'ask');
      const { interruptId } = (await two.untilEvent('clarify')).body;
      const answers = [{ questionId: 'A1', text: 'Both' }];
      const results = await Promise.allSettled(
        [one, two].map((tab) => tab.ask('clarify:answer', { conversationId, interruptId, answers })),
      );
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await Promise.all([one, two].map((tab) => tab.untilEvent('clarify_answered')));
    });

    it('tells the list of a person, and of nobody else', async () => {
      const [mine, theirs] = [await open('ada'), await open('bob')];
      const conversationId = await newConversation();
      await say(mine, conversationId, 'Hello');
      await mine.until(() => mine.seen.some(({ name }) => name === 'conversations:changed'));
      expect(theirs.seen.map(({ name }) => name)).toEqual(['server:hello']);
    });

    describe('refuses with a problem and stays open', () => {
      it('what is malformed, unknown or too long', async () => {
        const tab = await open();
        const conversationId = await newConversation();
        const refusals: [string, ...unknown[]][] = [
          ['conversation:join'],
          ['conversation:join', null],
          ['conversation:join', 'x'],
          ['conversation:join', { conversationId, afterSeq: -1 }],
          ['conversation:join', { conversationId, afterSeq: '0' }],
          ['message:send', { conversationId, messageId: 'not-a-ulid', text: 'x' }],
          ['message:send', { conversationId, messageId: ulid(), text: '   ' }],
          ['message:send', { conversationId, messageId: ulid(), text: 'x'.repeat(20_001) }],
          ['message:send', { conversationId: ['x'], messageId: ulid(), text: 'x' }],
          ['message:send', Buffer.from('binary')],
          ['review:approve', { conversationId, interruptId: 'i', approvalId: ulid(), drafts: [] }],
          ['no:such:event', {}],
          ['constructor', {}],
          ['__proto__', {}],
        ];
        for (const [name, ...args] of refusals) {
          const ack = await tab.emit(name, ...args);
          expect(ack, name).toMatchObject({ ok: false, problem: { requestId: expect.any(String) } });
        }
        expect(tab.socket.connected).toBe(true);
      });

      it("what is somebody else's, as if it were not there", async () => {
        const bob = await open('bob');
        const conversationId = await newConversation();
        for (const where of [conversationId, 'nowhere']) {
          const ack = await bob.emit('conversation:join', { conversationId: where, afterSeq: 0 });
          expect(ack).toMatchObject({ ok: false, problem: { code: 'conversation_missing' } });
        }
      });

      it('too many events at once, and takes more a moment later', async () => {
        const tab = await open();
        const acks = await Promise.all(Array.from({ length: 80 }, () => tab.emit('no:such:event', {})));
        expect(
          acks.filter((ack) => !ack.ok && ack.problem.code === 'too_many_events').length,
        ).toBeGreaterThan(5);
        await expect.poll(async () => codeOf(await tab.emit('no:such:event', {}))).toBe('unknown_event');
      });
    });

    it('takes 60 KiB, and cuts who sends more than 64 KiB at once', async () => {
      const tab = await open();
      const conversationId = await newConversation();
      const padded = (n: number) => ({ conversationId, text: 'x', messageId: ulid(), pad: 'p'.repeat(n) });
      expect((await tab.emit('message:send', padded(60_000))).ok).toBe(true);
      tab.socket.emit('message:send', padded(200_000));
      await tab.until(() => !tab.socket.connected);
    });

    it('survives clients that leave in the middle of their handshake', async () => {
      for (let n = 0; n < 30; n++) {
        const leaving = openTab(channel, 'ada', { transports: n % 2 === 0 ? ['websocket'] : ['polling'] });
        leaving.then(closeTab, () => undefined);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await expect.poll(() => channel.tell({ do: 'connections' })).toBe(0);
    });

    // Last: they end the sessions that the others use.
    it('warns before a session ends, and ends its sockets with it, everywhere', async () => {
      const [here, other] = [await open('ada'), await open('adaElsewhere')];
      await channel.tell({ do: 'advance', ms: 19 * 60_000 });
      await here.until(() => here.seen.some(({ name }) => name === 'session:ending'));
      await channel.tell({ do: 'end_session', tab: 'ada' });
      await here.until(() => !here.socket.connected);
      expect(here.seen.at(-1)).toMatchObject({
        name: 'session:ended',
        message: { problem: { code: 'session_over' } },
      });
      expect(other.socket.connected).toBe(true);
      await expect(open('ada')).rejects.toMatchObject({ data: { code: 'session_over' } });
      await channel.tell({ do: 'advance', ms: 2 * 60_000 });
      await other.until(() => !other.socket.connected);
    });
  });
}

function closeTab(tab: OpenTab): void {
  tab.close();
}

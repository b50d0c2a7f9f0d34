import { ulid } from 'ulid';
import { expect, it } from 'vitest';
import { stateOf } from '../../src/lib/components/conversation-state.ts';
import {
  startChaosChannel,
  type ChaosChannel,
  type ChaosPerson,
  type ChaosTab,
} from '../support/chaos-channel.ts';
import { seededRandom } from '../support/seeded-random.ts';

const isLong = process.env.TEST_SCALE === 'long';
const seed = Number(process.env.TEST_SEED ?? 20261123);
const size = isLong
  ? { people: 10, tabs: 100, conversations: 20, events: 2_000 }
  : { people: 3, tabs: 12, conversations: 6, events: 160 };

it(`shows every tab the same in the end, whatever happens on the way (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const chaos = await startChaosChannel(size.people);
  const crashes: unknown[] = [];
  const crash = (error: unknown) => void crashes.push(error);
  process.on('unhandledRejection', crash);
  try {
    const talks = await openTalks(chaos, one);
    const foreign: unknown[] = [];
    for (let n = 0; n < size.events; n++) {
      await one(deeds)({ talks, talk: one(talks), one, foreign });
      if (n % 8 === 0) await one(faults)(chaos, random);
      if (n === Math.floor(size.events / 2)) await chaos.restart();
      if (n % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    chaos.proxy.delay(0);
    chaos.proxy.thaw();

    for (const talk of talks) await untilTabsAgree(chaos, talk);
    for (const talk of talks) await expectOwnWordsOnly(chaos, talk);
    for (const ack of foreign)
      expect(ack).toMatchObject({ ok: false, problem: { code: 'conversation_missing' } });
    expect(crashes).toEqual([]);
    expect(chaos.failures).toEqual([]);
  } finally {
    process.off('unhandledRejection', crash);
    await chaos.close();
  }
});

interface Talk {
  conversationId: string;
  person: ChaosPerson;
  tabs: ChaosTab[];
}

interface Deed {
  talks: Talk[];
  talk: Talk;
  one: <T>(choices: readonly T[]) => T;
  /** What came of asking for what is somebody else's. */
  foreign: unknown[];
}

async function openTalks(chaos: ChaosChannel, one: Deed['one']): Promise<Talk[]> {
  const talks: Talk[] = [];
  for (let n = 0; n < size.conversations; n++) {
    const person = chaos.people[n % chaos.people.length] as ChaosPerson;
    const created = await chaos
      .world()
      .conversations.create(person.actor, { projectKey: 'DEMO', choices: {} });
    talks.push({ ...created, person, tabs: [] });
  }
  for (let n = 0; n < size.tabs; n++) {
    const talk = talks[n % talks.length] ?? one(talks);
    const tab = chaos.openTab(talk.person);
    const { summary, events } = await chaos
      .world()
      .conversations.open(talk.person.actor, talk.conversationId);
    tab.client.open({ summary, events });
    tab.client.connect();
    talk.tabs.push(tab);
  }
  return talks;
}

/** What people and attackers do, at any moment, connected or not. */
const deeds: ((deed: Deed) => Promise<void> | void)[] = [
  say('tokens 40'),
  say('tokens 200'),
  say('bulk 20'),
  say('ask'),
  ({ talk, one }) => void one(talk.tabs).client.stop(),
  ({ talk, one }) => void one(talk.tabs).client.continueRun(),
  ({ talk, one }) => void one(talk.tabs).client.withdraw(ulid()),
  ({ talk, one }) => {
    // Twice, from two tabs at once: one of them is too late.
    const waiting = talk.tabs[0]?.client.conversation?.openClarification;
    const answers = [{ questionId: 'A1', text: 'Both' }];
    const interruptId = waiting?.interruptId ?? 'none';
    for (const tab of [one(talk.tabs), one(talk.tabs)]) void tab.client.answer(interruptId, answers);
  },
  ({ talk, one }) => {
    const malformed = [undefined, null, 'x', [], { conversationId: 7 }, { text: '\u0000' }, Buffer.from('x')];
    emit(one(talk.tabs), one(['message:send', 'conversation:join', 'nonsense', '__proto__']), one(malformed));
  },
  ({ talk, one }) =>
    emit(one(talk.tabs), 'message:send', { conversationId: talk.conversationId, pad: 'p'.repeat(200_000) }),
  ({ talk: { conversationId, tabs }, one }) =>
    emit(one(tabs), 'conversation:join', { conversationId, afterSeq: one([0, 3]) }),
  ({ talks, talk, one }) => {
    // As if it had seen what never was; of another conversation, since a page that says so of its own has it so.
    const { conversationId } = one(talks.filter(({ person }) => person === talk.person));
    if (conversationId !== talk.conversationId)
      emit(one(talk.tabs), 'conversation:join', { conversationId, afterSeq: 1_000_000 });
  },
  ({ talk, one }) => emit(one(talk.tabs), 'conversation:leave', { conversationId: 'never joined' }),
  reachForOthers,
  reachForOthers,
  reachForOthers,
];

function say(text: string) {
  return ({ talk, one }: Deed) => {
    void one(talk.tabs).client.send(`${text} by ${talk.person.employeeId}`);
  };
}

/** Asks for a conversation of somebody else, by its id. */
function reachForOthers({ talks, talk, one, foreign }: Deed): void {
  const theirs = one(talks.filter(({ person }) => person !== talk.person));
  const { conversationId } = theirs;
  const [event, payload] = one([
    ['message:send', { conversationId, messageId: ulid(), text: `tokens 1 by ${talk.person.employeeId}` }],
    ['conversation:join', { conversationId, afterSeq: 0 }],
    ['run:stop', { conversationId }],
    ['run:continue', { conversationId }],
  ] as const);
  emit(one(talk.tabs), event, payload, (ack) => foreign.push(ack));
}

/** As a page would not: past the client, with anything. */
function emit({ socket }: ChaosTab, event: string, payload: unknown, told?: (ack: unknown) => void): void {
  if (!socket.connected) return;
  const raw = socket.timeout(2_000) as unknown as {
    emit(event: string, payload: unknown, answered: (error: Error | null, ack: unknown) => void): void;
  };
  raw.emit(event, payload, (error, ack) => {
    if (!error) told?.(ack);
  });
}

/** What happens to their connections. */
const faults: ((chaos: ChaosChannel, random: () => number) => Promise<void> | void)[] = [
  ({ proxy }, random) => proxy.cut(0.4, random),
  ({ proxy }, random) => proxy.halfOpen(0.1, random),
  ({ proxy }) => proxy.delay(15),
  ({ proxy }) => proxy.delay(0),
  async ({ proxy }) => {
    proxy.freeze();
    await new Promise((resolve) => setTimeout(resolve, 60));
    proxy.thaw();
  },
];

/** Every tab shows what the journal says, to the byte, once nothing runs and nothing waits. */
async function untilTabsAgree(chaos: ChaosChannel, { conversationId, person, tabs }: Talk): Promise<void> {
  const transcript = async () => {
    const { summary, events } = await chaos.world().conversations.open(person.actor, conversationId);
    return summary.status === 'working' ? null : JSON.stringify(settled(stateOf(summary, events)));
  };
  await expect
    .poll(
      async () => {
        const truth = await transcript();
        const shown = tabs.map(({ client }) => {
          const delivered = client.outbox.every(({ state }) => state === 'refused');
          return delivered && client.conversation ? JSON.stringify(settled(client.conversation)) : null;
        });
        return shown.every((one) => one !== null && one === truth) ? 'all agree' : { truth, shown };
      },
      { timeout: isLong ? 600_000 : 30_000, interval: 100 },
    )
    .toBe('all agree');
}

/** The keys of an object in one order: which of two drafts came first is no difference. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(entries.map(([key, child]) => [key, settled(child)]));
}

async function expectOwnWordsOnly(chaos: ChaosChannel, { conversationId, person }: Talk): Promise<void> {
  const { events } = await chaos.world().conversations.open(person.actor, conversationId);
  const said = events.flatMap((event) =>
    event.type === 'message_added' && event.body.role === 'user' ? [event.body] : [],
  );
  for (const { text } of said) expect(text).toMatch(new RegExp(` by ${person.employeeId}$`));
  const ids = said.map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(ids.length);
}

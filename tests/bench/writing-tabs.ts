import { setTimeout as wait } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { RunEvent } from '../../src/lib/contracts/run-event.ts';
import { practicePeople } from '../../src/lib/sandbox/people.ts';
import { createVisitor, type Visitor } from '../support/page-visitor.ts';
import { openSocketTab, type OpenTab } from '../support/socket-client.ts';
import { writeScript, type AnswerScript } from './answer-script.ts';
import type { ProductProcess } from './product-process.ts';
import { createStampReader, nowUs } from './stamps.ts';
import type { OpenStreams, StreamingServer } from './streaming-server.ts';

/** Signed in, with every connection tested. */
export async function joinEverybody({ url }: ProductProcess): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  for (const person of practicePeople) {
    const visitor = createVisitor({ url, origin: url });
    await visitor.join(person);
    visitors.push(visitor);
  }
  return visitors;
}

/** A person may have 20 sockets open, and a tab follows eight conversations at most. */
const MOST_TABS = 50;

/** The product as people use it: messages over sockets that are spread over them. */
export function productServer(product: ProductProcess, people: Visitor[]): StreamingServer {
  return {
    name: `Backlogue, ${product.engine}`,
    cpuMs: product.cpuMs,
    open: ({ atOnce, count }) =>
      openConversations(product, people, { tabs: Math.min(atOnce, MOST_TABS), count }),
  };
}

/** Opens `tabs` sockets, spread over the people, and `count` conversations, spread over the tabs. */
async function openConversations(
  product: ProductProcess,
  people: Visitor[],
  { tabs, count }: { tabs: number; count: number },
): Promise<OpenStreams> {
  const open: { tab: OpenTab; whose: Visitor }[] = [];
  for (let n = 0; n < tabs; n += 1) {
    const whose = at(people, n);
    const cookie = whose.cookieHeader();
    open.push({ whose, tab: await openSocketTab(product.channelUrl, { cookie, origin: product.url }) });
  }
  const answers: OpenStreams['answers'] = [];
  for (let n = 0; n < count; n += 1) {
    const { tab, whose } = at(open, n);
    const conversationId = await createConversation(whose);
    answers.push((script) => draft(tab, conversationId, script));
  }
  return {
    answers,
    close() {
      for (const { tab } of open) tab.close();
    },
  };
}

/** As often as a person is let: making hundreds of them is no part of what is measured. */
export async function createConversation(whose: Visitor): Promise<string> {
  for (;;) {
    const created = await whose.post('/api/conversations', { projectKey: 'DEMO' });
    if (created.status === 200)
      return (JSON.parse(created.body) as { conversationId: string }).conversationId;
    if (created.status !== 429) throw new Error(`No conversation was made: ${created.body}`);
    await wait(250);
  }
}

/** Sends a requirement with the script and resolves once the whole run is over. */
async function draft({ socket, ask }: OpenTab, conversationId: string, script: AnswerScript) {
  const over = Promise.withResolvers<void>();
  const text = writeScript(script);
  await ask('conversation:join', { conversationId, afterSeq: 0 });
  const sentAtUs = nowUs();
  const reader = createStampReader(sentAtUs);
  const onEvents = (message: { conversationId: string; events: RunEvent[] }) => {
    if (message.conversationId !== conversationId) return;
    for (const event of message.events) {
      if (event.type === 'assistant_token' && event.body.channel === 'drafts') reader.take(event.body.delta);
      if (event.type !== 'run_ended') continue;
      const { end, problem } = event.body;
      if (end === 'waiting') over.resolve();
      else over.reject(new Error(`A run ended as ${end}: ${problem?.message ?? 'no problem told'}`));
    }
  };
  socket.on('conversation:events', onEvents);
  try {
    await ask('message:send', { conversationId, messageId: ulid(), text });
    await over.promise;
  } finally {
    socket.off('conversation:events', onEvents);
    // A tab follows a few conversations at a time.
    await ask('conversation:leave', { conversationId });
  }
  const times = reader.times();
  if (times.tokenAgesMs.length !== script.tokens)
    throw new Error(`${times.tokenAgesMs.length} of ${script.tokens} tokens came.`);
  return times;
}

function at<T>(list: T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('Nothing to choose from.');
  return found;
}

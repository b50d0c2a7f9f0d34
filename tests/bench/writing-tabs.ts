import { ulid } from 'ulid';
import type { RunEvent } from '../../src/lib/contracts/run-event.ts';
import { practicePeople } from '../../src/lib/sandbox/people.ts';
import { createVisitor, type Visitor } from '../support/page-visitor.ts';
import { openSocketTab, type OpenTab } from '../support/socket-client.ts';
import { writeScript, type AnswerScript } from './answer-script.ts';
import type { ProductProcess } from './product-process.ts';
import { createStampReader, nowUs, type StreamTimes } from './stamps.ts';

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

/** A conversation without a message, that a tab may write in. */
export interface OpenConversation {
  /** Sends a requirement with the script and resolves once the whole run is over. */
  draft(script: AnswerScript): Promise<StreamTimes>;
}

export interface WritingTabs {
  conversations: OpenConversation[];
  close(): void;
}

/** Opens `tabs` sockets, spread over the people, and `count` conversations, spread over the tabs. */
export async function openConversations(
  product: ProductProcess,
  people: Visitor[],
  { tabs, count }: { tabs: number; count: number },
): Promise<WritingTabs> {
  const open: { tab: OpenTab; whose: Visitor }[] = [];
  for (let n = 0; n < tabs; n += 1) {
    const whose = at(people, n);
    const cookie = whose.cookieHeader();
    open.push({ whose, tab: await openSocketTab(product.channelUrl, { cookie, origin: product.url }) });
  }
  const conversations: OpenConversation[] = [];
  for (let n = 0; n < count; n += 1) {
    const { tab, whose } = at(open, n);
    const created = await whose.post('/api/conversations', { projectKey: 'DEMO' });
    if (created.status !== 200) throw new Error(`No conversation was made: ${created.body}`);
    const { conversationId } = JSON.parse(created.body) as { conversationId: string };
    conversations.push({ draft: (script) => draft(tab, conversationId, script) });
  }
  return {
    conversations,
    close() {
      for (const { tab } of open) tab.close();
    },
  };
}

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

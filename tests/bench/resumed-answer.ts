import type { Visitor } from '../support/page-visitor.ts';
import { talkOver } from '../support/main-job.ts';
import { openSocketTab } from '../support/socket-client.ts';
import { streamDirectly } from './direct-stream.ts';
import { writeScript, type AnswerScript } from './answer-script.ts';
import type { ProductProcess } from './product-process.ts';
import { difference, quantiles, type Quantiles } from './quantiles.ts';
import { createStampReader, nowUs } from './stamps.ts';
import { createConversation } from './writing-tabs.ts';

/**
 * From answering the agent's question until the first token of the draft, less what the model itself takes for it over a
 * direct connection: what it costs to take a resting conversation up again. One after the other, milliseconds.
 */
export async function measureResumedAnswer(
  product: ProductProcess,
  whose: Visitor,
  { llmUrl, conversations }: { llmUrl: string; conversations: number },
): Promise<Quantiles> {
  const script: AnswerScript = { firstTokenMs: 0, tokens: 2, gapMs: 0, asks: true };
  const direct: number[] = [];
  const waited: number[] = [];
  for (let n = 0; n < conversations; n += 1) {
    direct.push((await streamDirectly(llmUrl, script)).firstTokenMs);
    waited.push(await answerOnce(product, whose, script));
  }
  return difference(quantiles(waited), quantiles(direct));
}

async function answerOnce(product: ProductProcess, whose: Visitor, script: AnswerScript): Promise<number> {
  const cookie = whose.cookieHeader();
  const tab = await openSocketTab(product.channelUrl, { cookie, origin: product.url });
  try {
    const talk = talkOver(tab, await createConversation(whose));
    await talk.joined();
    await talk.say(writeScript(script));
    const before = tab.events.length;
    const reader = createStampReader(nowUs(), script.tokens);
    const take = ({ events }: { events: typeof tab.events }) => {
      for (const event of events)
        if (event.type === 'assistant_token' && event.body.channel === 'drafts')
          reader.take(event.body.delta);
    };
    tab.socket.on('conversation:events', take);
    await talk.skipQuestions();
    if (tab.events.length === before) throw new Error('Nothing came of an answer.');
    return reader.times().firstTokenMs;
  } finally {
    tab.close();
  }
}

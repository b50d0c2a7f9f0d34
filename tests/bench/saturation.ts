import type { Visitor } from '../support/page-visitor.ts';
import type { ProductProcess } from './product-process.ts';
import { nowUs } from './stamps.ts';
import { openConversations } from './writing-tabs.ts';

export interface Saturation {
  conversations: number;
  tokensEach: number;
  tokensPerSecond: number;
  cpuMsPerThousandTokens: number;
}

/**
 * A set of conversations whose model writes as fast as it is read, all at once. The seconds run from the first message
 * to the last token, so that starting and prompting are in them.
 */
export async function measureSaturation(
  product: ProductProcess,
  people: Visitor[],
  { conversations, tokensEach }: { conversations: number; tokensEach: number },
): Promise<Saturation> {
  const tabs = await openConversations(product, people, { tabs: conversations, count: conversations });
  try {
    const cpuBefore = await product.cpuMs();
    const startedAtUs = nowUs();
    const script = { firstTokenMs: 0, tokens: tokensEach, gapMs: 0 };
    const all = await Promise.all(tabs.conversations.map(({ draft }) => draft(script)));
    const cpuMs = (await product.cpuMs()) - cpuBefore;
    const tokens = conversations * tokensEach;
    const seconds = (Math.max(...all.map(({ lastTokenAtUs }) => lastTokenAtUs)) - startedAtUs) / 1_000_000;
    return {
      conversations,
      tokensEach,
      tokensPerSecond: tokens / seconds,
      cpuMsPerThousandTokens: (cpuMs * 1_000) / tokens,
    };
  } finally {
    tabs.close();
  }
}

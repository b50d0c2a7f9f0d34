import type { Visitor } from '../support/page-visitor.ts';
import type { ProductProcess } from './product-process.ts';
import { quantiles, type Quantiles } from './quantiles.ts';
import { openConversations } from './writing-tabs.ts';

export interface WholePath {
  modelFirstTokenMs: number;
  /** From sending a requirement to its first drafting token, everything in between included. */
  firstTokenMs: Quantiles;
}

/**
 * What a person waits for, one conversation after the other: the agent asks the model for questions first, so the model's
 * own time is in it twice.
 */
export async function measureWholePath(
  product: ProductProcess,
  people: Visitor[],
  { modelFirstTokenMs, conversations }: { modelFirstTokenMs: number; conversations: number },
): Promise<WholePath> {
  const tabs = await openConversations(product, people, { tabs: 1, count: conversations });
  try {
    const waited: number[] = [];
    for (const { draft } of tabs.conversations) {
      const { firstTokenMs } = await draft({ firstTokenMs: modelFirstTokenMs, tokens: 5, gapMs: 20 });
      waited.push(firstTokenMs);
    }
    return { modelFirstTokenMs, firstTokenMs: quantiles(waited) };
  } finally {
    tabs.close();
  }
}

import { quantiles, type Quantiles } from './quantiles.ts';
import type { StreamingServer } from './streaming-server.ts';

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
  product: StreamingServer,
  { modelFirstTokenMs, conversations }: { modelFirstTokenMs: number; conversations: number },
): Promise<WholePath> {
  const open = await product.open({ atOnce: 1, count: conversations });
  try {
    const waited: number[] = [];
    for (const answer of open.answers) {
      const { firstTokenMs } = await answer({ firstTokenMs: modelFirstTokenMs, tokens: 5, gapMs: 20 });
      waited.push(firstTokenMs);
    }
    return { modelFirstTokenMs, firstTokenMs: quantiles(waited) };
  } finally {
    open.close();
  }
}

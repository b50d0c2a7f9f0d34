import { nowUs } from './stamps.ts';
import type { StreamingServer } from './streaming-server.ts';

export interface Saturation {
  server: string;
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
  server: StreamingServer,
  { conversations, tokensEach }: { conversations: number; tokensEach: number },
): Promise<Saturation> {
  const open = await server.open({ atOnce: conversations, count: conversations });
  try {
    const cpuBefore = await server.cpuMs();
    const startedAtUs = nowUs();
    const script = { firstTokenMs: 0, tokens: tokensEach, gapMs: 0 };
    const all = await Promise.all(open.answers.map((answer) => answer(script)));
    const cpuMs = (await server.cpuMs()) - cpuBefore;
    const tokens = conversations * tokensEach;
    const seconds = (Math.max(...all.map(({ lastTokenAtUs }) => lastTokenAtUs)) - startedAtUs) / 1_000_000;
    return {
      server: server.name,
      conversations,
      tokensEach,
      tokensPerSecond: tokens / seconds,
      cpuMsPerThousandTokens: (cpuMs * 1_000) / tokens,
    };
  } finally {
    open.close();
  }
}

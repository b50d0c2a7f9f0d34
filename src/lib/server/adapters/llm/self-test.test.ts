import { describe, expect, test } from 'vitest';
import type { ChatModel } from '../../../agent/ports.ts';
import { shippedConfig } from '../../../../../tests/support/scripted-gateway.ts';
import { runSelfTest } from './self-test.ts';

/** A model that writes a long text in pieces, each at its time in milliseconds after the question. */
async function streamCheckOf(times: number[]) {
  let now = 500;
  const model: ChatModel = {
    async complete({ onDelta }) {
      const askedAt = now;
      const piece = 'x'.repeat(Math.ceil(1_000 / times.length));
      for (const time of times) {
        now = askedAt + time;
        onDelta?.(piece);
      }
      return { text: piece.repeat(times.length), cut: false, inputTokens: null, outputTokens: null };
    },
  };
  const findings = runSelfTest({
    model,
    whoAmI: async () => 'E10421',
    product: shippedConfig(),
    clock: { now: () => now },
    signal: new AbortController().signal,
  });
  for await (const finding of findings) if (finding.check === 'stream') return finding;
  throw new Error('The stream was not checked.');
}

describe('The check of the stream', () => {
  test.each([
    { what: 'streams', times: [400, 600, 800, 1_500], says: 'first words came after 0.4 s' },
    { what: 'thinks long, then streams', times: [30_000, 30_040, 30_080], says: 'in 3 pieces' },
    { what: 'is there at once', times: [0], says: 'too soon to see whether it streams' },
    { what: 'is fast, in one piece', times: [900], says: 'The whole answer came after 0.9 s' },
    { what: 'is fast, in a few pieces', times: [200, 201, 202], says: 'too soon to see' },
  ])('passes a model that $what', async ({ times, says }) => {
    const { ok, sentence } = await streamCheckOf(times);
    expect(sentence).toContain(says);
    expect(ok).toBe(true);
  });

  test.each([
    { what: 'in one piece', times: [4_000] },
    { what: 'in as many as its buffers have', times: [4_000, 4_001, 4_001, 4_010] },
  ])('tells of an answer that was held back and comes $what', async ({ times }) => {
    const { ok, sentence } = await streamCheckOf(times);
    expect(sentence).toMatch(/^The whole answer came at once after 4\.0 s: .* holds the stream back\.$/);
    expect(ok).toBe(false);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { stopOnSignal } from './stop-on-signal.ts';

describe('A stop', () => {
  const signals = ['SIGTERM', 'SIGINT', 'disconnect'] as const;
  let others: Map<string, ((...told: unknown[]) => void)[]>;
  let codes: number[];
  let closing: PromiseWithResolvers<void>;
  let closes: number;

  beforeEach(() => {
    vi.useFakeTimers();
    codes = [];
    closes = 0;
    closing = Promise.withResolvers();
    // The runner listens to these too, and must not hear of ours.
    others = new Map(signals.map((name) => [name, process.listeners(name as 'SIGTERM')])) as typeof others;
    for (const name of signals) process.removeAllListeners(name);
    stopOnSignal(
      {
        log: createLogger({ level: 'silent' }),
        settings: { shutdownSeconds: 30 },
        close: () => {
          closes += 1;
          return closing.promise;
        },
      },
      (code) => void codes.push(code),
    );
  });
  afterEach(() => {
    for (const name of signals) {
      process.removeAllListeners(name);
      for (const listener of others.get(name) ?? []) process.on(name, listener);
    }
    vi.useRealTimers();
  });

  it.each(signals)('on %s closes everything, and then ends well', async (name) => {
    process.emit(name as 'SIGTERM');
    expect(closes).toBe(1);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(codes).toEqual([]);
    closing.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(codes).toEqual([0]);
  });

  it('waits for what does not end for as long as it is allowed to, and not a moment longer', async () => {
    process.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(29_999);
    expect(codes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(codes).toEqual([1]);
  });

  it('that fails says so by its code', async () => {
    process.emit('SIGTERM');
    closing.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(0);
    expect(codes).toEqual([1]);
  });
});

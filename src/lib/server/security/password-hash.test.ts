import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { bcryptHere } from '../../../../tests/support/bcrypt-here.ts';
import { createHashQueue } from './hash-queue.ts';
import { createPasswordHasher } from './password-hash.ts';

/** The least that bcrypt allows, so that many passwords can be tried. */
const QUICK_COST = 4;
const pepper = randomBytes(32);
const hasher = createPasswordHasher({
  pepper,
  queue: createHashQueue({ mostWaiting: 100 }),
  bcrypt: bcryptHere,
  cost: QUICK_COST,
});

describe('password hasher', () => {
  it('recognises the password and stores none of it', async () => {
    const hash = await hasher.hash('Correct-Horse-7');
    expect(hash).toMatch(/^\$2[aby]\$04\$/);
    expect(await hasher.verify(hash, 'Correct-Horse-7')).toBe(true);
    expect(await hasher.verify(hash, 'correct-Horse-7')).toBe(false);
  });

  it('tells long passwords apart that differ late, also beyond a NUL', async () => {
    const long = fc.string({ unit: 'grapheme-composite', minLength: 80, maxLength: 120 });
    const tail = fc.oneof(fc.string({ minLength: 1, maxLength: 3 }), fc.constant('\0a'), fc.constant('\0'));
    await fc.assert(
      fc.asyncProperty(long, tail, tail, async (start, one, other) => {
        fc.pre((start + one).normalize('NFC') !== (start + other).normalize('NFC'));
        const hash = await hasher.hash(start + one);
        expect(await hasher.verify(hash, start + other)).toBe(false);
        expect(await hasher.verify(hash, start + one)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('takes a composed accent and its two code points for the same', async () => {
    expect(await hasher.verify(await hasher.hash('Caf\u00e9-Noir-1'), 'Cafe\u0301-Noir-1')).toBe(true);
  });

  it('is of no use without the pepper', async () => {
    const elsewhere = createPasswordHasher({
      pepper: randomBytes(32),
      queue: createHashQueue(),
      bcrypt: bcryptHere,
      cost: QUICK_COST,
    });
    expect(await elsewhere.verify(await hasher.hash('Correct-Horse-7'), 'Correct-Horse-7')).toBe(false);
  });

  it('does the same work for nobody as for somebody, and says no', async () => {
    const cost = 9;
    const costly = createPasswordHasher({ pepper, queue: createHashQueue(), bcrypt: bcryptHere, cost });
    const hash = await costly.hash('Correct-Horse-7');
    const timed = async (against: string | null) => {
      const startedAt = performance.now();
      expect(await costly.verify(against, 'wrong')).toBe(false);
      return performance.now() - startedAt;
    };
    const fastest = async (against: string | null) =>
      Math.min(...[await timed(against), await timed(against), await timed(against)]);
    // A missing comparison would take microseconds; the bound only has to tell the two apart on a busy machine.
    expect(await fastest(null)).toBeGreaterThan((await fastest(hash)) / 3);
  });
});

describe('hash queue', () => {
  it('runs two at a time, in turn, and refuses what would wait too long', async () => {
    const queue = createHashQueue({ atOnce: 2, mostWaiting: 1, refuseAfterMs: 0 });
    const started: string[] = [];
    const gate = Promise.withResolvers<void>();
    const work = (name: string) => queue.run(async () => void (started.push(name), await gate.promise));

    const admitted = [work('a'), work('b'), work('c')];
    await expect(work('d')).rejects.toMatchObject({ code: 'sign_in_busy', retryable: true });
    expect(started).toEqual(['a', 'b']);
    gate.resolve();
    await Promise.all(admitted);

    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('lets whoever it turns away wait for that word, so that asking again and again is slow, but not everybody', async () => {
    vi.useFakeTimers();
    try {
      const queue = createHashQueue({ atOnce: 0, mostWaiting: 0, refuseAfterMs: 1_000, mostPausing: 2 });
      const heard: string[] = [];
      const ask = (name: string) => void queue.run(() => Promise.resolve()).catch(() => heard.push(name));
      for (const name of ['a', 'b', 'c']) ask(name);
      await vi.advanceTimersByTimeAsync(999);
      expect(heard).toEqual(['c']);
      await vi.advanceTimersByTimeAsync(1);
      expect(heard).toEqual(['c', 'a', 'b']);
      ask('d');
      await vi.advanceTimersByTimeAsync(999);
      expect(heard).not.toContain('d');
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes on after work that failed', async () => {
    const queue = createHashQueue({ atOnce: 1, mostWaiting: 1 });
    const failing = queue.run(() => Promise.reject(new Error('broken')));
    const next = queue.run(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await queue.run(() => Promise.resolve('again'))).toBe('again');
  });
});

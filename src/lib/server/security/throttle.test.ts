import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusyError } from '../errors/app-error.ts';
import { createThrottle, type Guesser } from './throttle.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function setup() {
  const clock = { at: 1_000_000, now: () => clock.at };
  const throttle = createThrottle({ clock });
  /** Milliseconds to wait, or 0 when the try was admitted (and failed). */
  const guess = (guesser: Guesser): number => {
    try {
      throttle.admit(guesser);
      return 0;
    } catch (error) {
      if (error instanceof BusyError) return error.retryAfterMs ?? Infinity;
      throw error;
    }
  };
  const guesses = (count: number, guesser: Guesser) => Array.from({ length: count }, () => guess(guesser));
  return { clock, throttle, guess, guesses };
}

const owner = { account: 'ada', address: '10.0.0.1' };

describe('throttle', () => {
  it('lets a few mistakes pass, then asks for ever longer pauses', () => {
    const { clock, guess, guesses } = setup();
    expect(guesses(6, owner)).toEqual([0, 0, 0, 0, 0, 0]);
    const pauses: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      const pause = guess(owner);
      pauses.push(pause);
      clock.at += pause;
      expect(guess(owner)).toBe(0);
    }
    expect(pauses.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(15 * MINUTE_MS);
  });

  it('admits one try at a time once a delay runs, however many come at once', () => {
    const { guesses } = setup();
    expect(guesses(1_000, owner).filter((waitMs) => waitMs === 0)).toHaveLength(6);
  });

  it('does not prolong a delay for those who knock meanwhile', () => {
    const { clock, guess, guesses } = setup();
    guesses(6, owner);
    clock.at += 900;
    guesses(50, owner);
    expect(guess(owner)).toBe(100);
  });

  it('keeps 10,000 guesses of one address down to a few', () => {
    const { clock, guess } = setup();
    let admitted = 0;
    for (let tries = 0; tries < 10_000; tries += 1) {
      if (guess(owner) === 0) admitted += 1;
      clock.at += 1_000;
    }
    expect(admitted).toBeLessThan(40);
  });

  it('slows one address that tries one password on many accounts', () => {
    const { clock, guess } = setup();
    let admitted = 0;
    for (let tries = 0; tries < 10_000; tries += 1) {
      if (guess({ account: `person-${tries}`, address: '10.6.6.6' }) === 0) admitted += 1;
      clock.at += 100;
    }
    expect(admitted).toBeLessThan(200);
  });

  it('lets the owner in from where they have been before, while others guess from everywhere', () => {
    const { clock, throttle, guess } = setup();
    throttle.admit(owner).succeeded();
    for (let tries = 0; tries < 10_000; tries += 1) {
      guess({ account: 'ada', address: `10.1.${tries >> 8}.${tries & 255}` });
      clock.at += 10;
    }
    expect(guess(owner)).toBe(0);
  });

  it('makes an owner at a new address wait less than half a minute, whatever others do', () => {
    const { clock, guess } = setup();
    for (let tries = 0; tries < 10_000; tries += 1) {
      guess({ account: 'ada', address: `10.1.${tries >> 8}.${tries & 255}` });
      clock.at += 10;
    }
    const waitMs = guess({ account: 'ada', address: '10.9.9.9' });
    expect(waitMs).toBeLessThanOrEqual(30_000);
    clock.at += waitMs;
    expect(guess({ account: 'ada', address: '10.9.9.9' })).toBe(0);
  });

  it('forgets mistakes with time, and at once after a success or a reset', () => {
    const { clock, throttle, guesses } = setup();
    guesses(6, owner);
    clock.at += HOUR_MS;
    expect(guesses(6, owner)).toEqual([0, 0, 0, 0, 0, 0]);
    throttle.clear('ada');
    guesses(5, owner);
    throttle.admit(owner).succeeded();
    expect(guesses(6, owner)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('does not count a try that was never judged', () => {
    const { throttle, guesses } = setup();
    for (let tries = 0; tries < 100; tries += 1) throttle.admit(owner).withdraw();
    expect(guesses(6, owner)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('never asks for more than the longest pause, also when the clock is set back', () => {
    const jumps = fc.array(fc.integer({ min: -HOUR_MS, max: HOUR_MS }), { maxLength: 60 });
    fc.assert(
      fc.property(jumps, (byMs) => {
        const { clock, guess } = setup();
        for (const by of byMs) {
          clock.at += by;
          expect(guess(owner)).toBeLessThanOrEqual(15 * MINUTE_MS);
        }
      }),
    );
  });
});

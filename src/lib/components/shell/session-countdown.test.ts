import { describe, expect, it } from 'vitest';
import { createSessionCountdown, type SessionTimes } from './session-countdown.ts';

const MINUTE = 60_000;
/** The browser's clock is wrong by an hour in every test: nothing may depend on it. */
const BROWSER_AHEAD = 60 * MINUTE;

function session({ minutes = 15, absoluteMinutes = 480 } = {}) {
  const clock = { server: 1_000 * MINUTE };
  const times = (): SessionTimes => ({
    expiresAt: Math.min(clock.server + minutes * MINUTE, absoluteMinutes * MINUTE + 1_000 * MINUTE),
    absoluteExpiresAt: 1_000 * MINUTE + absoluteMinutes * MINUTE,
    now: clock.server,
  });
  const asked: number[] = [];
  const looked: number[] = [];
  let alive = true;
  const asItStands = times();
  const countdown = createSessionCountdown(times(), {
    now: () => clock.server + BROWSER_AHEAD,
    renew: async () => {
      asked.push(clock.server);
      return alive ? times() : null;
    },
    ask: async () => {
      looked.push(clock.server);
      return alive ? { ...asItStands, now: clock.server } : null;
    },
  });
  return {
    countdown,
    asked,
    looked,
    times,
    pass: (ms: number) => (clock.server += ms),
    die: () => (alive = false),
  };
}

describe('the session countdown', () => {
  it('is quiet until two minutes before the end, then counts seconds, then is over', () => {
    const { countdown, pass } = session();
    pass(13 * MINUTE - 1);
    expect(countdown.state()).toEqual({ phase: 'quiet' });
    pass(1);
    expect(countdown.state()).toEqual({ phase: 'ending', secondsLeft: 120, final: false });
    pass(119_500);
    expect(countdown.state()).toMatchObject({ phase: 'ending', secondsLeft: 1 });
    pass(2_000);
    expect(countdown.state()).toEqual({ phase: 'ended', elsewhere: false });
  });

  it('asks for more time at most once a minute, however busy the person is', async () => {
    const { countdown, asked, pass } = session();
    for (let second = 0; second < 180; second++) {
      pass(1_000);
      await countdown.active();
    }
    expect(asked).toHaveLength(3);
  });

  it('waits for the person’s word once it has asked them', async () => {
    const { countdown, asked, pass } = session();
    pass(14 * MINUTE);
    await countdown.active();
    expect(asked).toHaveLength(0);
    await countdown.stay();
    expect(countdown.state()).toEqual({ phase: 'quiet' });
  });

  it('takes over what another tab was told, and ignores older news', () => {
    const { countdown, times, pass } = session();
    const old = times();
    pass(14 * MINUTE);
    countdown.accept(times());
    expect(countdown.state()).toEqual({ phase: 'quiet' });
    countdown.accept(old);
    expect(countdown.state()).toEqual({ phase: 'quiet' });
  });

  it('says that the longest time is reached where staying cannot move the end', () => {
    const { countdown, pass } = session({ minutes: 15, absoluteMinutes: 15 });
    pass(14 * MINUTE);
    expect(countdown.state()).toEqual({ phase: 'ending', secondsLeft: 60, final: true });
  });

  it('is over at once when the server no longer knows the session', async () => {
    const { countdown, pass, die } = session();
    pass(2 * MINUTE);
    die();
    await countdown.active();
    expect(countdown.state()).toEqual({ phase: 'ended', elsewhere: true });
  });

  it('looks once a minute whether the session was ended elsewhere, and prolongs nothing by that', async () => {
    const { countdown, asked, looked, pass, die } = session();
    for (let second = 0; second < 180; second++) {
      pass(1_000);
      await countdown.seen();
    }
    expect(looked).toHaveLength(3);
    expect(asked).toHaveLength(0);
    pass(10 * MINUTE);
    expect(countdown.state()).toMatchObject({ phase: 'ending' });
    die();
    await countdown.seen();
    expect(countdown.state()).toEqual({ phase: 'ended', elsewhere: true });
    await countdown.seen();
    expect(looked).toHaveLength(4);
  });
});

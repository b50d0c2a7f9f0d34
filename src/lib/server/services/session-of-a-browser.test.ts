import { describe, expect, it } from 'vitest';
import { GOOD_PASSWORD, MINUTE_MS, origin, setUpAccounts } from '../../../../tests/support/accounts.ts';

const SECOND_MS = 1_000;
const withCode = (code: string) => expect.objectContaining({ code });

async function signedIn() {
  const accounts = setUpAccounts();
  await accounts.register();
  return { accounts, ...(await accounts.signIn()) };
}

describe('a session of a browser', () => {
  it('slides for whoever asks for pages too, once there is a minute to win, and goes on under the same cookie', async () => {
    const { accounts, cookie, live } = await signedIn();
    using _ = accounts;
    accounts.clock.at += MINUTE_MS - SECOND_MS;
    expect(await accounts.session.keepAlive(live)).toBeNull();
    accounts.clock.at += SECOND_MS;
    const kept = await accounts.session.keepAlive(live);
    expect(kept?.session.expiresAt).toBe(live.expiresAt + MINUTE_MS);
    expect(kept?.cookie.expiresAt).toBe(live.expiresAt + MINUTE_MS);
    accounts.clock.at = live.expiresAt;
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    expect(await accounts.session.authenticate(kept?.cookie.value)).toMatchObject({
      sessionId: live.sessionId,
    });
    // What it hands out can be prolonged further.
    expect(kept && (await accounts.session.renew(kept.session)).expiresAt).toBeGreaterThan(live.expiresAt);
  });

  it('does not keep pages from being read while nothing can be stored', async () => {
    const { accounts, cookie, live } = await signedIn();
    using _ = accounts;
    accounts.clock.at += 5 * MINUTE_MS;
    accounts.db.storage.declareDamaged(new Error('a bad page'));
    expect(await accounts.session.keepAlive(live)).toBeNull();
    expect(await accounts.session.authenticate(cookie.value)).not.toBeNull();
  });

  it('that has ended is kept alive by no page', async () => {
    const { accounts, live } = await signedIn();
    using _ = accounts;
    accounts.clock.at += 5 * MINUTE_MS;
    await accounts.session.signOutEverywhere({ ...live.user, userId: live.user.id, requestId: 'r' });
    expect(await accounts.session.keepAlive(live)).toBeNull();
  });

  it('ends when somebody signs in anew in the same browser, also as somebody else, and is noted', async () => {
    const { accounts, cookie, live } = await signedIn();
    using _ = accounts;
    await expect(
      accounts.session.signIn({ login: 'alovelace', password: 'Wrong-horse-9' }, origin, live),
    ).rejects.toEqual(withCode('sign_in_refused'));
    expect(await accounts.session.authenticate(cookie.value)).not.toBeNull();

    await accounts.session.signIn({ login: 'alovelace', password: GOOD_PASSWORD }, origin, live);
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    expect(accounts.ended).toEqual([{ sessionId: live.sessionId, userId: live.user.id, reason: 'ended' }]);
    expect(accounts.audited().slice(-2)).toEqual(['session.end ok', 'session.sign_in ok']);
  });
});

import { describe, expect, it } from 'vitest';
import {
  ada,
  GOOD_PASSWORD,
  HOUR_MS,
  MINUTE_MS,
  origin,
  OTHER_PASSWORD,
  setUpAccounts,
} from '../../../../tests/support/accounts.ts';
import { sessionDigest } from '../security/session-token.ts';

const SECOND_MS = 1_000;
const withCode = (code: string) => expect.objectContaining({ code });

async function signedIn(options?: Parameters<typeof setUpAccounts>[0]) {
  const accounts = setUpAccounts(options);
  await accounts.register();
  return { accounts, ...(await accounts.signIn()) };
}

describe('signing in', () => {
  it.each(['alovelace', 'ALovelace', 'Ada Lovelace', ' ada lovelace ', 'Ada.Lovelace@Example.com'])(
    'knows %j',
    async (login) => {
      const { accounts } = await signedIn();
      using _ = accounts;
      expect((await accounts.signIn(login)).user.employeeId).toBe('alovelace');
    },
  );

  it('answers alike for a wrong password and for somebody who is not there', async () => {
    const { accounts } = await signedIn();
    using _ = accounts;
    const refusal = (login: string) =>
      accounts.signIn(login, 'wrong').catch((error: object) => JSON.stringify(error));
    expect(await refusal('alovelace')).toBe(await refusal('nobody'));
  });

  it('takes a name that two people have for nobody, while their ids and addresses still work', async () => {
    const { accounts } = await signedIn();
    using _ = accounts;
    accounts.jira.set('other-token', { ...ada, employeeId: 'alovelace2', email: 'other@example.com' });
    await accounts.register('other-token', OTHER_PASSWORD);
    await expect(accounts.signIn('Ada Lovelace')).rejects.toEqual(withCode('sign_in_refused'));
    expect((await accounts.signIn('other@example.com', OTHER_PASSWORD)).user.employeeId).toBe('alovelace2');
  });

  it("lets an employee id win over somebody else's name", async () => {
    const { accounts } = await signedIn();
    using _ = accounts;
    accounts.jira.set('eve-token', {
      ...ada,
      employeeId: 'eve',
      name: 'alovelace',
      email: 'eve@example.com',
    });
    await accounts.register('eve-token', OTHER_PASSWORD);
    await expect(accounts.signIn('alovelace', OTHER_PASSWORD)).rejects.toEqual(withCode('sign_in_refused'));
    expect((await accounts.signIn('alovelace')).user.employeeId).toBe('alovelace');
  });

  it('makes those who guess wait, also with the right password, and never says whether the account exists', async () => {
    const { accounts } = await signedIn();
    using _ = accounts;
    const codes = async (login: string) => {
      const seen: string[] = [];
      for (let tries = 0; tries < 8; tries += 1) {
        seen.push(
          await accounts.signIn(login, 'guess', { ...origin, address: `10.0.1.${login.length}` }).then(
            () => 'in',
            (error) => error.code,
          ),
        );
      }
      return seen;
    };
    const known = await codes('alovelace');
    expect(known.slice(5)).toEqual(['sign_in_refused', 'too_many_attempts', 'too_many_attempts']);
    expect(await codes('nobody')).toEqual(known);
  });

  it('does not let one account be told from its throttled names', async () => {
    const { accounts } = await signedIn();
    using _ = accounts;
    for (let tries = 0; tries < 7; tries += 1) await accounts.signIn('alovelace', 'guess').catch(() => null);
    await expect(accounts.signIn('ada.lovelace@example.com', 'guess')).rejects.toEqual(
      withCode('sign_in_refused'),
    );
  });

  it('tells disabled people only once they have given the right password', async () => {
    const { accounts } = await signedIn();
    using _ = accounts;
    accounts.db.sqlite.prepare('UPDATE user SET disabled_at = 1').run();
    await expect(accounts.signIn('alovelace', 'wrong')).rejects.toEqual(withCode('sign_in_refused'));
    await expect(accounts.signIn()).rejects.toEqual(withCode('account_disabled'));
  });

  it('audits who and whether, and never what was typed', async () => {
    const { accounts } = await signedIn();
    using _ = accounts;
    await accounts.signIn('my-Secret-Passw0rd', 'x').catch(() => null);
    expect(accounts.audited()).toEqual([
      'account.register ok',
      'session.sign_in ok',
      'session.sign_in refused',
    ]);
    expect(JSON.stringify(accounts.auditRepository.after(0, 100))).not.toContain('my-Secret');
  });

  it('asks the configuration each time who administers', async () => {
    const administrators: string[] = [];
    const { accounts, cookie, user } = await signedIn({ administrators });
    using _ = accounts;
    expect(user.role).toBe('user');
    administrators.push('alovelace');
    expect((await accounts.session.authenticate(cookie.value))?.user.role).toBe('administrator');
    await accounts.signIn();
    expect((await accounts.users.findByEmployeeId('alovelace'))?.role).toBe('administrator');
  });
});

describe('a session', () => {
  it('gets a new id at every sign-in, of which only the digest is stored', async () => {
    const { accounts, cookie, live } = await signedIn();
    using _ = accounts;
    const again = await accounts.signIn();
    expect(again.live.sessionId).not.toBe(live.sessionId);
    const { jti } = JSON.parse(Buffer.from(cookie.value.split('.')[1] ?? '', 'base64url').toString());
    expect(live.sessionId).toBe(sessionDigest(jti));
    expect(JSON.stringify(accounts.db.sqlite.prepare('SELECT * FROM session').all())).not.toContain(jti);
    expect(JSON.stringify(live)).not.toContain(jti);
  });

  it('lives without activity until the very second, by its cookie and by its id', async () => {
    const { accounts, cookie, live } = await signedIn();
    using _ = accounts;
    accounts.clock.at = live.expiresAt - SECOND_MS;
    expect(await accounts.session.authenticate(cookie.value)).not.toBeNull();
    expect(await accounts.session.current(live.sessionId)).not.toBeNull();
    accounts.clock.at = live.expiresAt;
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    expect(await accounts.session.current(live.sessionId)).toBeNull();
    await expect(accounts.session.renew(live)).rejects.toEqual(withCode('session_ended'));
  });

  it('is not prolonged by being looked at', async () => {
    const { accounts, cookie, live } = await signedIn();
    using _ = accounts;
    accounts.clock.at += 19 * MINUTE_MS;
    expect((await accounts.session.authenticate(cookie.value))?.expiresAt).toBe(live.expiresAt);
  });

  it('slides with activity, written at most once a minute', async () => {
    const { accounts, live } = await signedIn();
    using _ = accounts;
    accounts.clock.at += MINUTE_MS - SECOND_MS;
    expect((await accounts.session.renew(live)).expiresAt).toBe(live.expiresAt);
    accounts.clock.at += SECOND_MS;
    const renewed = await accounts.session.renew(live);
    expect(renewed.expiresAt).toBe(live.expiresAt + MINUTE_MS);
    expect((await accounts.session.authenticate(renewed.value))?.expiresAt).toBe(renewed.expiresAt);
  });

  it('ends at its absolute cap however active its person is', async () => {
    const { accounts, live } = await signedIn();
    using _ = accounts;
    let cookie = await accounts.session.renew(live);
    const cap = live.absoluteExpiresAt;
    while (accounts.clock.at + 10 * MINUTE_MS < cap) {
      accounts.clock.at += 10 * MINUTE_MS;
      const current = await accounts.session.authenticate(cookie.value);
      if (current === null) break;
      cookie = await accounts.session.renew(current);
      expect(cookie.expiresAt).toBeLessThanOrEqual(cap);
    }
    accounts.clock.at = cap - SECOND_MS;
    expect(await accounts.session.authenticate(cookie.value)).not.toBeNull();
    accounts.clock.at = cap;
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    expect(cap).toBe(live.expiresAt - 20 * MINUTE_MS + 12 * HOUR_MS);
  });

  it('is announced as ended when it expires, once', async () => {
    const { accounts, live } = await signedIn();
    using _ = accounts;
    accounts.session.sweep();
    expect(accounts.ended).toEqual([]);
    accounts.clock.at = live.expiresAt;
    accounts.session.sweep();
    accounts.session.sweep();
    expect(accounts.ended).toEqual([{ sessionId: live.sessionId, userId: live.user.id, reason: 'expired' }]);
  });

  it('ends at once when its person is disabled', async () => {
    const { accounts, cookie } = await signedIn();
    using _ = accounts;
    accounts.db.sqlite.prepare('UPDATE user SET disabled_at = 1').run();
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    accounts.session.sweep();
    expect(accounts.ended).toEqual([expect.objectContaining({ reason: 'disabled' })]);
  });

  it('is gone after signing out, and its listeners have heard', async () => {
    const { accounts, cookie, live } = await signedIn();
    using _ = accounts;
    await accounts.session.signOut(live, 'request-2');
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    await expect(accounts.session.renew(live)).rejects.toEqual(withCode('session_ended'));
    expect(accounts.ended).toEqual([expect.objectContaining({ reason: 'signed_out' })]);
  });

  it('ends everywhere at one word', async () => {
    const { accounts, cookie, actor } = await signedIn();
    using _ = accounts;
    const elsewhere = await accounts.signIn();
    await accounts.session.signOutEverywhere(actor);
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    expect(await accounts.session.authenticate(elsewhere.cookie.value)).toBeNull();
    expect(accounts.ended).toHaveLength(2);
  });

  it('is listed to its own person only, who can end it, and nobody else can', async () => {
    const { accounts, live, actor } = await signedIn();
    using _ = accounts;
    accounts.jira.set('eve-token', { ...ada, employeeId: 'eve', name: 'Eve', email: 'eve@example.com' });
    await accounts.register('eve-token', OTHER_PASSWORD);
    const eve = await accounts.signIn('eve', OTHER_PASSWORD);

    expect(await accounts.session.list(actor, live)).toEqual([
      expect.objectContaining({ id: live.sessionId, current: true, userAgent: 'Browser' }),
    ]);
    await expect(accounts.session.end(eve.actor, live.sessionId)).rejects.toEqual(
      withCode('session_not_found'),
    );
    await accounts.session.end(actor, live.sessionId);
    await expect(accounts.session.end(actor, live.sessionId)).rejects.toEqual(withCode('session_not_found'));
    expect(accounts.ended).toEqual([{ sessionId: live.sessionId, userId: actor.userId, reason: 'ended' }]);
  });
});

describe('changing the password', () => {
  const change = { currentPassword: GOOD_PASSWORD, password: OTHER_PASSWORD };

  it('ends every session, this one too, and goes on under a new id', async () => {
    const { accounts, cookie, live, actor } = await signedIn();
    using _ = accounts;
    const elsewhere = await accounts.signIn();
    const fresh = await accounts.session.changePassword(actor, live, change);
    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    expect(await accounts.session.authenticate(elsewhere.cookie.value)).toBeNull();
    expect((await accounts.session.authenticate(fresh.value))?.user.id).toBe(actor.userId);
    await expect(accounts.signIn('alovelace', OTHER_PASSWORD)).resolves.toBeDefined();
  });

  it('needs the current one, and slows who guesses it', async () => {
    const { accounts, live, actor } = await signedIn();
    using _ = accounts;
    const guess = () => accounts.session.changePassword(actor, live, { ...change, currentPassword: 'guess' });
    for (let tries = 0; tries < 6; tries += 1)
      await expect(guess()).rejects.toEqual(withCode('current_password_wrong'));
    await expect(guess()).rejects.toEqual(withCode('too_many_attempts'));
  });

  it.each([GOOD_PASSWORD, 'Welcome-2026!', 'short'])('refuses %s as the new one', async (password) => {
    const { accounts, live, actor, cookie } = await signedIn();
    using _ = accounts;
    await expect(accounts.session.changePassword(actor, live, { ...change, password })).rejects.toEqual(
      withCode('password_refused'),
    );
    expect(await accounts.session.authenticate(cookie.value)).not.toBeNull();
  });
});

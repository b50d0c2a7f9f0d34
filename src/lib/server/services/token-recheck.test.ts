import { describe, expect, it } from 'vitest';
import { ada, HOUR_MS, MINUTE_MS, refusedByJira, setUpAccounts } from '../../../../tests/support/accounts.ts';
import { UpstreamError, type AppError } from '../errors/app-error.ts';
import { createDueTokenRepository } from '../repositories/due-token-repository.ts';
import { createTokenRecheck } from './token-recheck.ts';

type Answer = { name: string; displayName: string; active: boolean; deleted: boolean } | AppError;
const herself = { name: 'ALovelace', displayName: ada.name, active: true, deleted: false };
const unreachable = () =>
  new UpstreamError('jira_unreachable', 'Jira could not be reached.', { upstream: 'jira', kind: 'unknown' });

/** Ada, registered and signed in, with a token that Jira has something to say about. */
async function setUp(answer: Answer) {
  const accounts = setUpAccounts();
  await accounts.register();
  const { actor } = await accounts.signIn();
  const asked: string[] = [];
  const jira = { answer, tokenExpiresAt: null as number | null };
  const recheck = createTokenRecheck({
    tokens: createDueTokenRepository(accounts.db),
    connections: accounts.connections,
    myself: async ({ userId }) => {
      asked.push(userId);
      if (jira.answer instanceof Error) throw jira.answer;
      return jira.answer;
    },
    tokenExpiresAt: async () => jira.tokenExpiresAt,
    intervalMs: () => 10 * MINUTE_MS,
    audit: accounts.audit,
    clock: accounts.clock,
    ids: { next: () => 'request-9' },
    log: { warn: () => undefined },
  });
  const test = async () => (await accounts.connections.find(actor.userId, 'jira'))?.test;
  return { accounts, actor, asked, jira, recheck, test, [Symbol.dispose]: accounts[Symbol.dispose] };
}

describe('trying a Jira token anew', () => {
  it('waits until the last test is old enough, and for somebody who is signed in', async () => {
    using her = await setUp(herself);
    her.accounts.clock.at += 9 * MINUTE_MS;
    await her.recheck();
    expect(her.asked).toEqual([]);
    her.accounts.clock.at += 2 * MINUTE_MS;
    expect(await her.recheck()).toBe(0);
    expect(her.asked).toEqual([her.actor.userId]);
    expect(await her.test()).toMatchObject({ ok: true, testedAt: her.accounts.clock.at });
    her.accounts.clock.at += HOUR_MS;
    await her.recheck();
    expect(her.asked).toHaveLength(1);
  });

  it('keeps when the token runs out, for the dashboard to say it in time', async () => {
    using her = await setUp(herself);
    her.jira.tokenExpiresAt = her.accounts.clock.at + 24 * HOUR_MS;
    her.accounts.clock.at += 11 * MINUTE_MS;
    await her.recheck();
    expect(await her.test()).toMatchObject({ ok: true, tokenExpiresAt: her.jira.tokenExpiresAt });
  });

  it.each([
    ['does not take it any more', refusedByJira(), 'jira_token_refused'],
    ['says that its person is inactive', { ...herself, active: false }, 'jira_user_inactive'],
    ['says that its person was deleted', { ...herself, deleted: true }, 'jira_user_deleted'],
    ['takes it for somebody else’s', { ...herself, name: 'eve' }, 'identity_mismatch'],
  ] as const)('fails the test when Jira %s, once, and says so in the audit log', async (_, answer, code) => {
    using her = await setUp(answer);
    her.accounts.clock.at += 11 * MINUTE_MS;
    expect(await her.recheck()).toBe(1);
    expect(await her.test()).toMatchObject({ ok: false, problem: { code, message: expect.any(String) } });
    expect(her.accounts.audited()).toContain('connection.recheck failed');
    // A refused token is not presented again: some systems lock an account after a few.
    her.accounts.clock.at += 8 * MINUTE_MS;
    await her.recheck();
    expect(her.asked).toHaveLength(1);
  });

  it('says nothing of a token while Jira cannot be reached, and asks again a quarter of an hour later', async () => {
    using her = await setUp(unreachable());
    her.accounts.clock.at += 11 * MINUTE_MS;
    expect(await her.recheck()).toBe(0);
    expect(await her.test()).toMatchObject({ ok: true });
    her.accounts.clock.at += MINUTE_MS;
    await her.recheck();
    expect(her.asked).toHaveLength(1);

    her.accounts.clock.at += 15 * MINUTE_MS;
    await her.accounts.signIn();
    her.jira.answer = herself;
    await her.recheck();
    expect(her.asked).toHaveLength(2);
    expect(await her.test()).toMatchObject({ ok: true, testedAt: her.accounts.clock.at });
  });

  it('leaves a token alone that was replaced while the old one was tried', async () => {
    using her = await setUp(refusedByJira());
    her.accounts.clock.at += 11 * MINUTE_MS;
    const recheck = her.recheck();
    const stored = await her.accounts.connections.find(her.actor.userId, 'jira');
    if (!stored) throw new Error('There is no connection.');
    await her.accounts.connections.save(her.actor.userId, 'jira', {
      ...stored,
      changedAt: her.accounts.clock.at,
    });
    expect(await recheck).toBe(0);
    expect(her.accounts.audited()).not.toContain('connection.recheck failed');
  });
});

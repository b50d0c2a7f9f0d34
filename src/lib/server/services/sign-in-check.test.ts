import { describe, expect, it } from 'vitest';
import { GOOD_PASSWORD, LEAST_COST, origin, setUpAccounts } from '../../../../tests/support/accounts.ts';
import { BusyError } from '../errors/app-error.ts';
import { createSignInCheck } from './sign-in-check.ts';

const input = { login: 'alovelace', password: GOOD_PASSWORD };
const costs = (cost: number) => expect.stringMatching(new RegExp(`^\\$2[aby]\\$0${cost}\\$`));

/** Somebody who registered when hashes cost the least, and the check once they cost more. */
async function afterTheCostWasRaised() {
  const accounts = setUpAccounts();
  await accounts.register();
  const hasher = accounts.hasherOfCost(LEAST_COST + 1);
  const stored = async () => (await accounts.users.findByEmployeeId('alovelace'))?.hashedPassword;
  return { accounts, hasher, check: createSignInCheck({ ...accounts, hasher }), stored };
}

describe('a hash that cost less than new ones do', () => {
  it('is renewed when its person signs in, and neither their sessions nor their keys end', async () => {
    const { accounts, hasher, check, stored } = await afterTheCostWasRaised();
    using _ = accounts;
    const { cookie } = await accounts.signIn();
    expect(await stored()).toEqual(costs(LEAST_COST));

    await check(input, origin);
    const renewed = await stored();
    expect(renewed).toEqual(costs(LEAST_COST + 1));
    expect(await hasher.verify(renewed ?? null, GOOD_PASSWORD)).toBe(true);
    expect(await accounts.session.authenticate(cookie.value)).not.toBeNull();
    await check(input, origin);
    expect(await stored(), 'once is enough').toBe(renewed);
  });

  it('stays for a wrong password and for a disabled person', async () => {
    const { accounts, check, stored } = await afterTheCostWasRaised();
    using _ = accounts;
    await expect(check({ ...input, password: 'wrong' }, origin)).rejects.toThrow();
    accounts.db.sqlite.prepare('UPDATE user SET disabled_at = 1').run();
    await expect(check(input, origin)).rejects.toThrow();
    expect(await stored()).toEqual(costs(LEAST_COST));
  });

  it('stays until the next time where many sign in at once, and gives way to a new password', async () => {
    const { accounts, hasher, stored } = await afterTheCostWasRaised();
    using _ = accounts;
    const busy = createSignInCheck({
      ...accounts,
      hasher: { ...hasher, hash: () => Promise.reject(new BusyError('sign_in_busy', 'Many sign in.')) },
    });
    expect(await busy(input, origin)).toMatchObject({ employeeId: 'alovelace' });
    expect(await stored()).toEqual(costs(LEAST_COST));

    const changing = createSignInCheck({
      ...accounts,
      hasher: {
        ...hasher,
        async hash(password) {
          accounts.db.sqlite.prepare("UPDATE user SET hashed_password = 'of a new password'").run();
          return hasher.hash(password);
        },
      },
    });
    await changing(input, origin);
    expect(await stored()).toBe('of a new password');
  });
});

import { describe, expect, it } from 'vitest';
import {
  ada,
  GOOD_PASSWORD,
  MINUTE_MS,
  origin,
  OTHER_PASSWORD,
  setUpAccounts,
} from '../../../../tests/support/accounts.ts';
import { UpstreamError } from '../errors/app-error.ts';
import { adoptedUrl } from './jira-person.ts';

const begin = (
  accounts: ReturnType<typeof setUpAccounts>,
  jiraToken = 'ada-token',
  purpose: 'register' | 'reset' = 'register',
) => accounts.registration.begin({ jiraToken, purpose }, origin);
const withCode = (code: string) => expect.objectContaining({ code });

describe('registration, step one', () => {
  it('shows whose token it is, with the URL by which Jira knows itself', async () => {
    using accounts = setUpAccounts();
    const { attempt, person } = await begin(accounts);
    expect(person).toMatchObject({
      employeeId: 'alovelace',
      name: 'Ada Lovelace',
      jiraUrl: 'http://jira.example.com/jira',
    });
    expect(await accounts.registration.person(attempt)).toMatchObject({ person, purpose: 'register' });
  });

  it('keeps the token neither in clear nor under the value of the cookie', async () => {
    using accounts = setUpAccounts();
    const { attempt } = await begin(accounts);
    const rows = JSON.stringify(accounts.db.sqlite.prepare('SELECT * FROM registration_attempt').all());
    expect(rows).not.toContain('ada-token');
    expect(rows).not.toContain(attempt);
  });

  it.each([
    ['inactive', { ...ada, active: false }, 'jira_user_inactive'],
    ['deleted', { ...ada, deleted: true }, 'jira_user_deleted'],
    ['unreachable', failure('jira_unreachable', 'unknown'), 'jira_unreachable'],
    ['untrusted', failure('jira_untrusted', 'refused'), 'jira_untrusted'],
    ['not JSON', failure('jira_unreadable', 'unreadable'), 'jira_unreadable'],
  ] as const)('tells in its own words when Jira says: %s', async (_, answer, code) => {
    using accounts = setUpAccounts();
    accounts.jira.set('token', answer);
    await expect(begin(accounts, 'token')).rejects.toEqual(withCode(code));
    expect(accounts.audited()).toEqual(['account.prove_token refused']);
  });

  it.each(['wrong-token', 'two\nlines', 'Umläut'])('refuses the token %j beside its field', async (token) => {
    using accounts = setUpAccounts();
    const refusal = begin(accounts, token);
    await expect(refusal).rejects.toMatchObject({
      code: 'jira_token_refused',
      fields: { jiraToken: expect.any(String) },
    });
  });

  it.each([
    ['jira_token_refused', 'Create a new personal access token in your Jira profile and paste it here.'],
    ['jira_captcha', 'Sign in there, then try again.'],
    ['jira_forbidden', 'Ask whoever runs Jira.'],
    ['jira_sign_in_page', 'A gateway does not let tokens through.'],
  ])('asks for a new token only where one helps: %s', async (code, hint) => {
    using accounts = setUpAccounts();
    const answer = new UpstreamError(code, 'Jira said no.', { upstream: 'jira', kind: 'credential', hint });
    accounts.jira.set('token', answer);
    await expect(begin(accounts, 'token')).rejects.toMatchObject({
      code: 'jira_token_refused',
      hint,
      fields: { jiraToken: 'Jira said no.' },
    });
  });

  it('sends nobody to upload a certificate who has no account to do it with', async () => {
    using accounts = setUpAccounts();
    const options = { upstream: 'jira', kind: 'refused', hint: 'Upload the certificate.' } as const;
    accounts.jira.set('token', new UpstreamError('jira_untrusted', 'Not trusted.', options));
    await expect(begin(accounts, 'token')).rejects.toMatchObject({
      code: 'jira_untrusted',
      hint: expect.stringMatching(/^Ask your administrator .* jira\.caFile/),
    });
  });

  it('sends who has an account to the sign-in page, and who has none to register', async () => {
    using accounts = setUpAccounts();
    await expect(begin(accounts, 'ada-token', 'reset')).rejects.toEqual(withCode('account_missing'));
    await accounts.register();
    await expect(begin(accounts)).rejects.toEqual(withCode('account_exists'));
  });

  it('slows guessing of tokens from one address, and does not count a Jira that is down', async () => {
    using accounts = setUpAccounts();
    accounts.jira.set('down', failure('jira_unreachable', 'unknown'));
    for (let tries = 0; tries < 50; tries += 1)
      await expect(begin(accounts, 'down')).rejects.toEqual(withCode('jira_unreachable'));
    for (let tries = 0; tries < 6; tries += 1)
      await expect(begin(accounts, 'wrong')).rejects.toEqual(withCode('jira_token_refused'));
    await expect(begin(accounts, 'wrong')).rejects.toEqual(withCode('too_many_attempts'));
  });
});

describe('registration, step two', () => {
  it('stores the person with a sealed token and a Jira connection that counts as tested', async () => {
    using accounts = setUpAccounts();
    await accounts.register();
    const user = await accounts.users.findByEmployeeId('ALOVELACE');
    expect(user).toMatchObject({
      email: 'ada.lovelace@example.com',
      displayName: 'Ada Lovelace',
      role: 'user',
    });
    const place = { userId: user?.id ?? '', table: 'user', field: 'encrypted_jira_pat' };
    expect(accounts.vault.open(user?.encryptedJiraPat ?? '', place)).toBe('ada-token');
    expect(JSON.parse(user?.jiraTest ?? '')).toMatchObject({
      ok: true,
      identity: 'alovelace',
      url: 'http://jira.example.com/jira',
    });
    expect(accounts.audited()).toEqual(['account.register ok']);
  });

  it('is open for ten minutes to the second', async () => {
    using accounts = setUpAccounts();
    const { attempt } = await begin(accounts);
    accounts.clock.at += 10 * MINUTE_MS - 1_000;
    expect(await accounts.registration.person(attempt)).not.toBeNull();
    accounts.clock.at += 1_000;
    expect(await accounts.registration.person(attempt)).toBeNull();
    await expect(
      accounts.registration.complete({ attempt, password: GOOD_PASSWORD }, origin),
    ).rejects.toEqual(withCode('attempt_over'));
  });

  it('refuses a weak password and keeps the attempt', async () => {
    using accounts = setUpAccounts();
    const { attempt } = await begin(accounts);
    await expect(accounts.registration.complete({ attempt, password: 'Password1!' }, origin)).rejects.toEqual(
      withCode('password_refused'),
    );
    await expect(
      accounts.registration.complete({ attempt, password: GOOD_PASSWORD }, origin),
    ).resolves.toEqual({ employeeId: 'alovelace' });
  });

  it('proves the token again: one that was revoked meanwhile registers nobody', async () => {
    using accounts = setUpAccounts();
    const { attempt } = await begin(accounts);
    accounts.jira.delete('ada-token');
    await expect(
      accounts.registration.complete({ attempt, password: GOOD_PASSWORD }, origin),
    ).rejects.toEqual(withCode('jira_token_refused'));
    expect(await accounts.users.findByEmployeeId('alovelace')).toBeNull();
  });

  it('registers once, however often the form is sent', async () => {
    using accounts = setUpAccounts();
    const first = await begin(accounts);
    const second = await begin(accounts);
    const sent = [first, first, second, second].map(({ attempt }) =>
      accounts.registration.complete({ attempt, password: GOOD_PASSWORD }, origin).then(
        () => 'registered',
        (error: { code: string }) => error.code,
      ),
    );
    const answers = await Promise.all(sent);
    expect(answers.filter((answer) => answer === 'registered')).toHaveLength(1);
    expect(accounts.db.sqlite.prepare('SELECT count(*) AS n FROM user').get()).toEqual({ n: 1 });
  });

  it('leaves no token behind when nobody comes back', async () => {
    using accounts = setUpAccounts();
    const { expiresAt } = await begin(accounts);
    const waiting = () =>
      accounts.db.sqlite.prepare('SELECT count(*) FROM registration_attempt').pluck().get();
    accounts.clock.at = expiresAt - 1;
    accounts.registration.sweep();
    expect(waiting()).toBe(1);
    accounts.clock.at = expiresAt;
    accounts.registration.sweep();
    expect(waiting()).toBe(0);
  });

  it('is over once it was cancelled', async () => {
    using accounts = setUpAccounts();
    const { attempt } = await begin(accounts);
    await accounts.registration.cancel(attempt);
    expect(await accounts.registration.person(attempt)).toBeNull();
  });
});

describe('forgotten password', () => {
  it('is replaced by whoever holds the token, ends all sessions and any pause that guessing caused', async () => {
    using accounts = setUpAccounts();
    await accounts.register();
    const { cookie } = await accounts.signIn();
    for (let tries = 0; tries < 20; tries += 1) await accounts.signIn('alovelace', 'guess').catch(() => null);

    const { attempt } = await begin(accounts, 'ada-token', 'reset');
    await accounts.registration.complete({ attempt, password: OTHER_PASSWORD }, origin);

    expect(await accounts.session.authenticate(cookie.value)).toBeNull();
    expect(accounts.ended).toEqual([expect.objectContaining({ reason: 'ended' })]);
    await expect(accounts.signIn('alovelace', OTHER_PASSWORD)).resolves.toBeDefined();
    await expect(accounts.signIn('alovelace', GOOD_PASSWORD)).rejects.toEqual(withCode('sign_in_refused'));
  });

  it('tells of the token that was proven, as registering does, so that its tools are read', async () => {
    using accounts = setUpAccounts();
    await accounts.register();
    const { userId } = (await accounts.signIn()).actor;
    const { attempt } = await begin(accounts, 'ada-token', 'reset');
    await accounts.registration.complete({ attempt, password: OTHER_PASSWORD }, origin);
    expect(accounts.proven).toEqual([userId, userId]);
  });

  it('is not for disabled people', async () => {
    using accounts = setUpAccounts();
    await accounts.register();
    accounts.db.sqlite.prepare('UPDATE user SET disabled_at = 1').run();
    await expect(begin(accounts, 'ada-token', 'reset')).rejects.toEqual(withCode('account_disabled'));
  });
});

describe('the Jira URL', () => {
  const allowAll = () => null;
  it.each([
    [
      'with its context path',
      'https://jira.example.com/jira/rest/api/2/user?x=1',
      'https://jira.example.com/jira',
    ],
    ['without one', 'https://jira.example.com/rest/api/2/user?x=1', 'https://jira.example.com'],
    [
      'not without encryption where the configured one has it',
      'http://jira.example.com/rest/api/2/user',
      'https://configured.example.com',
    ],
    ['not from a text without the path', 'https://jira.example.com/other', 'https://configured.example.com'],
    ['not from nonsense', 'rest/api/2/user', 'https://configured.example.com'],
  ])('is taken from self: %s', (_, self, expected) => {
    expect(adoptedUrl(self, 'https://configured.example.com', allowAll)).toBe(expected);
  });

  it('stays the configured one where self names a host that is not allowed', () => {
    expect(
      adoptedUrl('https://evil.example.com/rest/api/2/user', 'https://jira.example.com', () => 'not allowed'),
    ).toBe('https://jira.example.com');
  });
});

function failure(code: string, kind: UpstreamError['kind']): UpstreamError {
  return new UpstreamError(code, 'Jira failed.', { upstream: 'jira', kind });
}

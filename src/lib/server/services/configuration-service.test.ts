import { describe, expect, it } from 'vitest';
import { GOOD_PASSWORD, OTHER_PASSWORD } from '../../../../tests/support/accounts.ts';
import { answering, connectionForm, setUpConfiguration } from '../../../../tests/support/configuration.ts';
import { testAuthorityPem } from '../../../../tests/support/tls-certificates.ts';
import { createSealedTextRepository } from '../repositories/sealed-text-repository.ts';
import { UpstreamError } from '../errors/app-error.ts';

const refusedField = (field: string) => ({
  code: expect.stringMatching(/refused/),
  fields: { [field]: expect.any(String) },
});

describe('connections', () => {
  it('tell of another credential or address, and not of a switch beside it', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'wiki-token-of-20-cha' }));
    await app.configuration.save(app.actor, 'confluence', connectionForm({ verifyTls: false }));
    expect(app.changed).toEqual(['confluence']);
  });

  it('show Jira filled in and tested after registration, the others empty, and no secret', async () => {
    using app = await setUpConfiguration();
    const views = await app.configuration.views(app.actor);
    expect(
      views.map(({ kind, url, hasSecret, secretLength, testIsCurrent }) => [
        kind,
        url,
        hasSecret,
        secretLength,
        testIsCurrent,
      ]),
    ).toEqual([
      ['jira', 'http://jira.example.com/jira', true, 9, true],
      ['confluence', 'https://wiki.example.com', false, 0, false],
      ['llm', 'https://model.example.com', false, 0, false],
    ]);
    expect(JSON.stringify(views)).not.toContain('ada-token');
  });

  it('keep a saved token sealed, hand it to calls, and reveal it to its owner, audited', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'confluence-token' }));
    expect(JSON.stringify(app.db.sqlite.prepare('SELECT * FROM confluence_config').all())).not.toContain(
      'confluence-token',
    );
    expect(await app.credentials.confluence(app.actor.userId)).toEqual({
      url: 'https://wiki.example.com',
      secret: 'confluence-token',
      tls: { verify: true, caPem: null },
    });
    expect(await app.configuration.reveal(app.actor, 'confluence', GOOD_PASSWORD)).toBe('confluence-token');
    expect(app.audited()).toContain('connection.reveal ok');
    expect(JSON.stringify(app.auditRepository.after(0, 100))).not.toContain('confluence-token');
  });

  it('show a token only for the password of its owner, and record who got it wrong', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'confluence-token' }));
    await expect(app.configuration.reveal(app.actor, 'confluence', OTHER_PASSWORD)).rejects.toMatchObject({
      code: 'current_password_wrong',
    });
    expect(app.audited()).toContain('connection.reveal refused');
    expect(app.audited()).not.toContain('connection.reveal ok');
  });

  it.each(['jira', 'confluence', 'llm'] as const)(
    'forget the secret of %s at one word, with its test and what was read with it, and can have another',
    async (kind) => {
      using app = await setUpConfiguration();
      const { configuration, actor } = app;
      await configuration.save(actor, kind, connectionForm({ secret: 'first-secret' }));
      await configuration.test(actor, kind);
      app.changed.length = 0;
      const view = await configuration.removeSecret(actor, kind);
      expect(view).toMatchObject({ hasSecret: false, secretLength: 0, lastTest: null, testIsCurrent: false });
      await expect(app.credentials[kind](actor.userId)).rejects.toMatchObject({ code: 'connection_missing' });
      await configuration.removeSecret(actor, kind);
      expect(app.changed).toEqual([kind]);
      expect(app.audited().filter((event) => event === 'connection.remove ok')).toHaveLength(1);
      expect(
        createSealedTextRepository(app.db)
          .all()
          .map(({ text }) => text),
      ).not.toContain('');

      await configuration.save(actor, kind, connectionForm({ secret: 'second-secret' }));
      expect(await app.credentials[kind](actor.userId)).toMatchObject({ secret: 'second-secret' });
    },
  );

  it('pause the guessing of that password', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'confluence-token' }));
    const guess = () => app.configuration.reveal(app.actor, 'confluence', OTHER_PASSWORD);
    for (let n = 0; n < 10; n += 1) await guess().catch(() => undefined);
    await expect(app.configuration.reveal(app.actor, 'confluence', GOOD_PASSWORD)).rejects.toMatchObject({
      name: 'BusyError',
    });
  });

  it('keep the stored token when the field stays empty', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'confluence-token' }));
    await app.configuration.save(app.actor, 'confluence', connectionForm({ verifyTls: false }));
    expect((await app.credentials.confluence(app.actor.userId)).secret).toBe('confluence-token');
  });

  it.each([
    ['a Confluence token beyond the configured length', 'confluence', { secret: 'x'.repeat(21) }, 'secret'],
    ['a token with a line break in it', 'jira', { secret: 'one\ntwo' }, 'secret'],
    ['a cookie with a letter that no header carries', 'llm', { secret: 'sid=ü' }, 'secret'],
    ['a host that is not allowed', 'confluence', { url: 'https://evil.test', secret: 'token' }, 'url'],
    ['an address of the model', 'llm', { url: 'https://other.example.com' }, 'url'],
    ['a stored token for another origin', 'jira', { url: 'http://other.example.com' }, 'secret'],
    ['a file that is no certificate', 'jira', { caPem: 'hello' }, 'caPem'],
  ] as const)('refuse %s, and stay as they were', async (_, kind, fields, field) => {
    using app = await setUpConfiguration();
    const before = await app.view(kind);
    await expect(app.configuration.save(app.actor, kind, connectionForm(fields))).rejects.toMatchObject(
      refusedField(field),
    );
    expect(await app.view(kind)).toEqual(before);
  });

  it('move within their origin with the token that is stored', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(
      app.actor,
      'jira',
      connectionForm({ url: 'http://jira.example.com/tracker/' }),
    );
    expect(await app.credentials.jira(app.actor.userId)).toMatchObject({
      url: 'http://jira.example.com/tracker',
      secret: 'ada-token',
    });
  });

  it('lead to the practice systems in practice mode, wherever those are now', async () => {
    using app = await setUpConfiguration();
    app.settings.mode = 'practice';
    expect((await app.credentials.jira(app.actor.userId)).url).toBe('http://jira.example.com');
  });

  it('say which one is missing', async () => {
    using app = await setUpConfiguration();
    await expect(app.credentials.confluence(app.actor.userId)).rejects.toMatchObject({
      code: 'connection_missing',
    });
    expect(await app.view('llm')).toMatchObject({ asksForSecret: true });
    app.settings.llmCredential = 'none';
    expect((await app.credentials.llm(app.actor.userId)).secret).toBeNull();
    expect(await app.view('llm')).toMatchObject({ asksForSecret: false });
    expect(await app.view('jira')).toMatchObject({ asksForSecret: true });
  });

  it('trust an uploaded authority beside the shared one, for this person only, until it is removed', async () => {
    using app = await setUpConfiguration();
    app.settings.sharedCaPem = 'SHARED';
    const saved = await app.configuration.save(
      app.actor,
      'jira',
      connectionForm({ caPem: testAuthorityPem }),
    );
    expect(saved.caSubject).toBe('CN=Backlogue test authority');
    expect((await app.credentials.jira(app.actor.userId)).tls.caPem).toBe(`${testAuthorityPem}\nSHARED`);
    await app.configuration.save(app.actor, 'jira', connectionForm({ removeCa: true }));
    expect((await app.credentials.jira(app.actor.userId)).tls.caPem).toBe('SHARED');
  });

  it('audit verification that is switched off and on, and only then', async () => {
    using app = await setUpConfiguration();
    for (const verifyTls of [true, false, false, true])
      await app.configuration.save(app.actor, 'jira', connectionForm({ verifyTls }));
    const switches = app.audited().filter((entry) => entry.startsWith('connection.verification'));
    expect(switches).toEqual(['connection.verification_off ok', 'connection.verification_on ok']);
  });
});

describe('a test of a connection', () => {
  it('passes when the same employee answered, whatever the case', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'token' }));
    const test = await app.configuration.test(app.actor, 'confluence');
    expect(test).toMatchObject({ ok: true, identity: 'ALovelace', identityVerified: true, problem: null });
    expect(await app.view('confluence')).toMatchObject({ lastTest: test, testIsCurrent: true });
    expect(app.passed).toEqual(['confluence']);
  });

  it.each([
    ['somebody else answered', answering('eve'), 'identity_mismatch'],
    ['nobody known answered', answering(null), 'identity_unknown'],
  ])('fails when %s', async (_, answer, code) => {
    using app = await setUpConfiguration();
    app.answers.jira = async () => answer;
    expect(await app.configuration.test(app.actor, 'jira')).toMatchObject({
      ok: false,
      identityVerified: false,
      problem: { code },
    });
    expect(app.passed).toEqual([]);
    expect(app.audited()).toContain('connection.test failed');
  });

  it('tells what the remote did wrong, and never rejects for it', async () => {
    using app = await setUpConfiguration();
    app.answers.jira = () =>
      Promise.reject(
        new UpstreamError('jira_unreachable', 'Jira is down.', { upstream: 'jira', kind: 'unknown' }),
      );
    expect(await app.configuration.test(app.actor, 'jira')).toMatchObject({
      ok: false,
      problem: { code: 'jira_unreachable', requestId: 'request-1' },
    });
    expect(await app.configuration.test(app.actor, 'confluence')).toMatchObject({
      ok: false,
      problem: { code: 'connection_missing' },
    });
  });

  it('lets a model without whoami pass only where the configuration does, and no longer once it stopped', async () => {
    using app = await setUpConfiguration();
    app.settings.llmCredential = 'none';
    app.answers.llm = async () => answering(null);
    expect(await app.configuration.test(app.actor, 'llm')).toMatchObject({
      ok: false,
      problem: { code: 'identity_unknown' },
    });
    app.settings.requireIdentity = false;
    expect(await app.configuration.test(app.actor, 'llm')).toMatchObject({
      ok: true,
      identityVerified: false,
    });
    expect(await app.openFeatures()).toEqual(['issueCreator']);
    app.settings.requireIdentity = true;
    expect(await app.openFeatures()).toEqual([]);
  });

  it('says nothing about what was saved while it ran', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'old-token' }));
    app.answers.confluence = async () => {
      await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'new-token' }));
      return answering('alovelace');
    };
    await app.configuration.test(app.actor, 'confluence');
    expect(await app.view('confluence')).toMatchObject({ lastTest: null, testIsCurrent: false });
    expect(app.passed).toEqual([]);
  });
});

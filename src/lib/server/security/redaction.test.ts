import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redaction.ts';
import { isSecretKey } from './secret-forms.ts';

const jiraToken = 'NDgyOTEwMzc1NTI2OnhCtY1yPEwOVZl3jgB/3D8jsIDC';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJFMTA0MjEifQ.c2lnbmF0dXJlLW9mLWl0';

describe('Redaction', () => {
  it.each([
    ['a bearer token', 'sent Authorization: Bearer abc.def-123 to jira', 'abc.def-123'],
    ['a Basic credential', 'header Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA=='],
    ['a cookie header', 'Cookie: session=practice-alice-5e1c; theme=dark', 'practice-alice-5e1c'],
    ['a set-cookie header in JSON', '{"set-cookie":"sid=abcd1234; Path=/"}', 'abcd1234'],
    ['a JSON web token', `cookie value ${jwt} refused`, jwt],
    ['a Data Center token by its form alone', `saw ${jiraToken} somewhere`, jiraToken],
    [
      'a password in JSON inside JSON',
      String.raw`{"body":"{\"password\":\"Corr3ct-horse\"}"}`,
      'Corr3ct-horse',
    ],
    ['a password in a form body', 'login=E10421&password=Corr3ct-horse&next=/', 'Corr3ct-horse'],
    ['credentials in a URL', 'GET https://alice:s3cret99@jira.example.com/', 's3cret99'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----', 'MIIEvQ'],
  ])('takes out %s', (_what, text, secret) => {
    const clean = createRedactor().redact(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain('[redacted]');
  });

  it('takes out a registered secret of any form, in every spelling', () => {
    const redactor = createRedactor();
    const secret = 'blue "horse" & 7';
    redactor.register(secret);
    for (const spelling of [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]) {
      const clean = redactor.redact(`before ${spelling} after`);
      expect(clean).toMatch(/^before "?\[redacted\]"? after$/);
    }
  });

  it('empties values by the name of their key, however deep', () => {
    const clean = createRedactor().redactValue({
      a: [{ jiraToken: 'x', headers: { Cookie: 'y' } }],
      hasToken: true,
      maxTokens: 400,
    });
    expect(clean).toEqual({
      a: [{ jiraToken: '[redacted]', headers: { Cookie: '[redacted]' } }],
      hasToken: true,
      maxTokens: 400,
    });
  });

  it('leaves ordinary sentences, keys, ids and hashes alone', () => {
    const sentences = [
      'The Jira token was refused (401). Type a new one on the Configurations page.',
      'Created DEMO-128 in 412 ms, request 01JD8Q4M3V6Z3J0Q9N1W2X4Y5Z',
      'hash 3f1d0c7e1a9b8c5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5',
      'payload.json:4:15 draft.messages — expected {{messages}} or {{prompt}}',
    ];
    const redactor = createRedactor();
    expect(sentences.map((sentence) => redactor.redact(sentence))).toEqual(sentences);
  });

  it('never passes over a line in which something has to go', () => {
    const secrets = ['blue "horse" & 7', 'practice-alice-5e1c', 'zweiundzwanzig \u00fc\u00df', 'a\\b\nc/d'];
    const words = [
      ...secrets,
      ...secrets.map((secret) => JSON.stringify(secret)),
      ...secrets.map((secret) => encodeURIComponent(secret)),
      ...secrets.map((secret) => Buffer.from(secret).toString('base64')),
      jiraToken, jwt, 'Cookie: a=b', 'password=Corr3ct', 'Bearer abc.def-123', 'https://a:b@c', '\n', '"', 'plain',
    ]; // prettier-ignore
    const text = fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((parts) => parts.join(' '));
    const key = fc.constantFrom(
      'note',
      'jiraPat',
      'pat',
      'x-api-key',
      'jwt',
      'Set-Cookie',
      'private-key',
      'a b',
    );
    const line = fc.dictionary(key, fc.oneof(text, fc.dictionary(key, text, { maxKeys: 2 })), { maxKeys: 3 });
    const redactor = createRedactor();
    secrets.forEach(redactor.register);
    fc.assert(
      fc.property(line, (fields) => {
        const json = JSON.stringify(fields);
        const clean = JSON.stringify(redactor.redactValue(fields));
        expect(redactor.mayConcern(json) || clean === json).toBe(true);
      }),
    );
    expect(redactor.mayConcern('{"message":"Request","route":"/api/jobs","path":"/x"}')).toBe(false);
  });

  it('forgets the secret that was not seen for longest where there are too many', () => {
    const redactor = createRedactor();
    redactor.register('the-very-first-one');
    redactor.register('the-second-one');
    for (let n = 0; n < 1_998; n++) redactor.register(`one-of-many-${n}-`);
    redactor.register('the-very-first-one');
    redactor.register('one-too-many');
    expect(redactor.redact('the-very-first-one the-second-one one-of-many-7- one-too-many')).toBe(
      '[redacted] the-second-one [redacted] [redacted]',
    );
  });

  it.each([
    'password',
    'Set-Cookie',
    'encrypted_jira_pat',
    'accessToken',
    'x-api-key',
    'authorization',
    'session_id',
  ])('knows %s as the name of a secret', (key) => expect(isSecretKey(key)).toBe(true));

  it.each(['maxTokens', 'input_tokens', 'user_id', 'path', 'tokenizer', 'pattern', 'dispatch'])(
    'does not take %s for the name of a secret',
    (key) => expect(isSecretKey(key)).toBe(false),
  );
});

import { randomBytes } from 'node:crypto';
import { alice, ines, omar } from '../../src/lib/sandbox/people.ts';
import type { createCanaryWatch } from './canaries.ts';

/** Every secret of the canary tests: people's own, wrong ones, and what somebody types where it does not belong. */
export function releaseSecrets(watch: ReturnType<typeof createCanaryWatch>) {
  const made = (name: string) => watch.release(name, `canary-${randomBytes(12).toString('hex')}`);

  const secrets = {
    jira: watch.release('Jira token', alice.jiraToken),
    confluence: watch.release('Confluence token', alice.confluenceToken),
    llm: watch.release('model cookie', alice.llmCookie),
  };
  for (const { displayName, jiraToken, confluenceToken, llmCookie } of [omar, ines]) {
    watch.release(`Jira token of ${displayName}`, jiraToken);
    watch.release(`Confluence token of ${displayName}`, confluenceToken);
    watch.release(`model cookie of ${displayName}`, llmCookie);
  }
  const wrong = {
    jira: made('wrong Jira token'),
    confluence: watch.release('wrong Confluence token', `c-${randomBytes(8).toString('hex')}`),
    llm: made('wrong model cookie'),
  };
  const typed = {
    password: `${made('wrong password')}A!`,
    newPassword: `${made('new password')}A!`,
    asLogin: made('password in the login field'),
    inAddress: made('password inside a URL'),
    inPayload: made('token in a malformed event'),
    inQuery: made('token in a query'),
    inHeader: made('bearer token of a header'),
    inForm: made('secret in an unknown field'),
  };
  const environmentValue = made('value of the environment in a configuration file');
  const keyBody = watch.release('private key beside a certificate', randomBytes(48).toString('base64'));

  return { secrets, wrong, typed, environmentValue, keyBody };
}

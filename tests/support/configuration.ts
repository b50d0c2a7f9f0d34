import {
  connectionFormSchema,
  type ConnectionForm,
  type ConnectionKind,
} from '../../src/lib/contracts/connection.ts';
import { createConfigurationService } from '../../src/lib/server/services/configuration-service.ts';
import type { ProbeResult } from '../../src/lib/server/services/connection-verdict.ts';
import { createCredentials, type Credential } from '../../src/lib/server/services/credentials.ts';
import { setUpAccounts } from './accounts.ts';

/** What a probe comes to that was answered in this person's name. */
export const answering = (identity: string | null): ProbeResult => ({
  steps: [
    {
      step: 'authenticate',
      state: 'passed',
      target: '/whoami',
      durationMs: 3,
      sentence: 'The token was accepted.',
      problem: null,
    },
  ],
  identity,
  tokenExpiresAt: null,
  problem: null,
});
export const connectionForm = (fields: Partial<ConnectionForm> = {}) => connectionFormSchema.parse(fields);
/** A person with the real configuration service over scripted remotes. */
export async function setUpConfiguration() {
  const accounts = setUpAccounts();
  await accounts.register();
  const { actor } = await accounts.signIn();
  const settings = {
    mode: 'live' as 'live' | 'practice',
    confluenceUrl: 'https://wiki.example.com' as string | null,
    llmCredential: 'cookie' as 'cookie' | 'none',
    requireIdentity: true,
    sharedCaPem: null as string | null,
  };
  const endpoints = {
    mode: () => settings.mode,
    jiraUrl: () => 'http://jira.example.com',
    confluenceUrl: () => settings.confluenceUrl,
    llmBaseUrl: () => 'https://model.example.com',
  };
  const credentials = createCredentials({
    connections: accounts.connections,
    vault: accounts.vault,
    endpoints,
    llmCredential: () => settings.llmCredential,
    sharedCaPem: () => settings.sharedCaPem,
  });
  const answers: Record<ConnectionKind, (credential: Credential) => Promise<ProbeResult>> = {
    jira: async () => answering('alovelace'),
    confluence: async () => answering('ALovelace'),
    llm: async () => answering('alovelace'),
  };
  const passed: ConnectionKind[] = [];
  const changed: ConnectionKind[] = [];
  const configuration = createConfigurationService({
    ...accounts,
    credentials,
    endpoints,
    config: () => ({
      confluence: { tokenMaxLength: 20 },
      llm: { requireIdentity: settings.requireIdentity, credential: settings.llmCredential },
      features: { issueCreator: ['jira', 'llm'], pageSources: ['confluence'] },
    }),
    probes: {
      jira: (c) => answers.jira(c),
      confluence: (c) => answers.confluence(c),
      llm: (c) => answers.llm(c),
    },
    refuseUrl: (url) =>
      new URL(url).hostname.endsWith('.example.com') ? null : 'That host is not an allowed one.',
    onTestPassed: (_, kind) => passed.push(kind),
    onCredentialChanged: async (_, kind) => void changed.push(kind),
  });
  const view = async (kind: ConnectionKind) =>
    (await configuration.views(actor)).find((one) => one.kind === kind);
  const openFeatures = async () =>
    (await configuration.features(actor)).filter(({ open }) => open).map(({ feature }) => feature);
  return {
    ...accounts,
    actor,
    settings,
    credentials,
    answers,
    passed,
    changed,
    configuration,
    view,
    openFeatures,
  };
}

import type { ConnectionKind, ConnectionStepName } from '$lib/contracts/connection';

/** How sentences call a connection. */
export const connectionNames: Record<ConnectionKind, string> = {
  jira: 'Jira',
  confluence: 'Confluence',
  llm: 'the language model',
};

interface ConnectionWords {
  title: string;
  lead: string;
  /** What its secret is called, in lower case. */
  secret: string;
  secretHint: string;
}

/** How its own card on the Configurations page speaks of a connection. */
export const connectionWords: Record<ConnectionKind, ConnectionWords> = {
  jira: {
    title: 'Jira',
    lead: 'Where approved stories are created, as you.',
    secret: 'access token',
    secretHint: 'In Jira: your picture, Profile, Personal Access Tokens, Create token.',
  },
  confluence: {
    title: 'Confluence',
    lead: 'Where the pages come from that a requirement points at.',
    secret: 'access token',
    secretHint: 'In Confluence: your picture, Settings, Personal Access Tokens, Create token.',
  },
  llm: {
    title: 'Language model',
    lead: 'Who drafts with you. Its address is set by your administrator.',
    secret: 'credential',
    secretHint: 'The value of your cookie or key, as your company’s model page shows it.',
  },
};

/** How a test calls its steps. */
export const stepNames: Record<ConnectionStepName, string> = {
  resolve: 'Name look-up',
  connect: 'Connection',
  tls: 'Encryption (TLS)',
  authenticate: 'Sign-in',
  identity: 'Identity',
  permissions: 'Permissions',
  tools: 'Tools',
  answer: 'A short answer',
};

/** "under 1 ms", "12 ms", "3.4 s". */
export function stepDuration(durationMs: number): string {
  if (durationMs < 1) return 'under 1 ms';
  return durationMs < 1_000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1_000).toFixed(1)} s`;
}

/** The same with a capital letter, for the beginning of a sentence. */
export function startSentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "a", "a and b", "a, b and c". */
export function listInWords(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

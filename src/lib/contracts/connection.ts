import { z } from 'zod';
import { problemSchema } from './problem.ts';

export const connectionKinds = ['jira', 'confluence', 'llm'] as const;
export const connectionKindSchema = z.enum(connectionKinds);
export type ConnectionKind = z.infer<typeof connectionKindSchema>;

/** What a test of a connection does, in this order. Each system has those of them that apply to it. */
export const connectionStepNames = [
  'resolve',
  'connect',
  'tls',
  'authenticate',
  'identity',
  'permissions',
  'tools',
  'answer',
] as const;
export type ConnectionStepName = (typeof connectionStepNames)[number];

/** One step of a test, as the page tells it while it runs and afterwards. */
export const connectionStepSchema = z.object({
  step: z.enum(connectionStepNames),
  state: z.enum(['waiting', 'running', 'passed', 'failed', 'skipped']),
  /** What was called: an address, or the names of tool servers. */
  target: z.string().nullable(),
  /** Null while it has not ended, and for one that was never begun. */
  durationMs: z.number().nullable(),
  /** What was seen, or why it was skipped. */
  sentence: z.string().nullable(),
  /** What is wrong, and what to do about it, where it failed. */
  problem: problemSchema.nullable(),
});
export type ConnectionStep = z.infer<typeof connectionStepSchema>;

export const connectionTestSchema = z.object({
  kind: connectionKindSchema,
  ok: z.boolean(),
  /** Milliseconds since 1970, UTC. */
  testedAt: z.number().int(),
  /** Empty for a test that an earlier version made. */
  steps: z.array(connectionStepSchema).default([]),
  /** Who answered, as that system names the person; null where it cannot tell. */
  identity: z.string().nullable(),
  identityVerified: z.boolean(),
  /** When its token runs out, as the system tells, milliseconds since 1970; null where it never does or nobody knows. */
  tokenExpiresAt: z.number().int().nullable().default(null),
  problem: problemSchema.nullable(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

/** What a page asks a test for. */
export const connectionTestRequestSchema = z.object({ kind: connectionKindSchema });

/** What is told of a test while it runs: its steps whenever one of them changed, then the result. */
export const connectionTestLineSchema = z.union([
  z.object({ steps: z.array(connectionStepSchema) }),
  z.object({ test: connectionTestSchema }),
  z.object({ problem: problemSchema }),
]);
export type ConnectionTestLine = z.infer<typeof connectionTestLineSchema>;

/** A connection as its form shows it. Secrets are told by their length only; the owner may reveal one, audited. */
export interface ConnectionView {
  kind: ConnectionKind;
  url: string | null;
  /** False for a model that takes none. */
  asksForSecret: boolean;
  hasSecret: boolean;
  secretLength: number;
  verifyTls: boolean;
  /** Subject of the uploaded CA certificate. */
  caSubject: string | null;
  lastTest: ConnectionTest | null;
  /** False as soon as something was saved after the last test. */
  testIsCurrent: boolean;
}

/** Whether there is a model to ask: some answer without a credential, and then only a test tells of it. */
export function modelIsSetUp(views: readonly ConnectionView[]): boolean {
  return views.some(({ kind, hasSecret, lastTest }) => kind === 'llm' && (hasSecret || lastTest !== null));
}

export const connectionFormSchema = z.object({
  url: z.url({ protocol: /^https?$/, error: 'Type a URL that starts with https:// or http://.' }).optional(),
  /** Empty keeps the stored one. */
  secret: z.string().trim().max(8_192).default(''),
  verifyTls: z.boolean().default(true),
  /** PEM text of a CA certificate, at most 64 KiB; empty keeps, `remove` drops. */
  caPem: z.string().max(65_536, 'A CA file has at most 64 KiB.').default(''),
  removeCa: z.boolean().default(false),
});
export type ConnectionForm = z.infer<typeof connectionFormSchema>;

/** A feature that opens when its connections are tested. */
export interface FeatureState {
  feature: 'issueCreator' | 'pageSources';
  open: boolean;
  missing: ConnectionKind[];
}

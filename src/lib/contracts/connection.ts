import { z } from 'zod';
import { problemSchema } from './problem.ts';

export const connectionKinds = ['jira', 'confluence', 'llm'] as const;
export const connectionKindSchema = z.enum(connectionKinds);
export type ConnectionKind = z.infer<typeof connectionKindSchema>;

/** One call that a connection test made, as the page tells it. */
export const connectionCallSchema = z.object({
  what: z.string(),
  target: z.string(),
  durationMs: z.number(),
  outcome: z.string(),
});

export const connectionTestSchema = z.object({
  kind: connectionKindSchema,
  ok: z.boolean(),
  /** Milliseconds since 1970, UTC. */
  testedAt: z.number().int(),
  calls: z.array(connectionCallSchema),
  /** Who answered, as that system names the person; null where it cannot tell. */
  identity: z.string().nullable(),
  identityVerified: z.boolean(),
  problem: problemSchema.nullable(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

/** A connection as its form shows it. Secrets are told by their length only; the owner may reveal one, audited. */
export interface ConnectionView {
  kind: ConnectionKind;
  url: string | null;
  hasSecret: boolean;
  secretLength: number;
  verifyTls: boolean;
  /** Subject of the uploaded CA certificate. */
  caSubject: string | null;
  lastTest: ConnectionTest | null;
  /** False as soon as something was saved after the last test. */
  testIsCurrent: boolean;
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

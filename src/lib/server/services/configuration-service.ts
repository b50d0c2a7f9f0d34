import {
  connectionKinds,
  type ConnectionKind,
  type ConnectionStep,
  type ConnectionTest,
  type ConnectionView,
  type FeatureState,
} from '../../contracts/connection.ts';
import type { ConfigFile } from '../../contracts/config/config-file.ts';
import type { Problem } from '../../contracts/problem.ts';
import { AppError, NotFoundError } from '../errors/app-error.ts';
import {
  sealedPlaces,
  type ConnectionRepository,
  type StoredConnection,
} from '../repositories/connection-repository.ts';
import { readCaCertificates } from '../security/ca-certificate.ts';
import type { Vault } from '../security/encryption.ts';
import { effectiveUrl, type Addresses } from './connection-address.ts';
import { changedConnection, changeTime } from './connection-change.ts';
import { identityJudge, judgeProbe, testIsCurrent, type ProbeResult } from './connection-verdict.ts';
import type { Credential, Credentials } from './credentials.ts';
import type { PasswordProof } from './password-proof.ts';
import type { Actor, AuditService, ConfigurationService } from './services.ts';

/** What a probe says while it works, and asks. */
export interface ProbeWatch {
  /** Told of all steps whenever one of them changes. */
  onSteps(steps: ConnectionStep[]): void;
  /** Why this is not the person's credential, or null. */
  judgeIdentity(identity: string | null): Problem | null;
}

/** Tries one system with a credential. It may reject with an AppError; what it can tell of its steps it resolves with. */
export type Probe = (credential: Credential, actor: Actor, watch: ProbeWatch) => Promise<ProbeResult>;

export interface ConfigurationServiceDeps {
  connections: ConnectionRepository;
  credentials: Credentials;
  vault: Vault;
  endpoints: Addresses;
  config(): Pick<ConfigFile, 'features'> & {
    confluence: Pick<ConfigFile['confluence'], 'tokenMaxLength'>;
    llm: Pick<ConfigFile['llm'], 'requireIdentity' | 'credential'>;
  };
  probes: Record<ConnectionKind, Probe>;
  /** The URL guard's word: null, or a sentence why that URL is not called. */
  refuseUrl(url: string): string | null;
  /** Called after a test that passed and was kept, so that the tool lists are read anew. */
  onTestPassed(actor: Actor, kind: ConnectionKind): void;
  /** Awaited after another credential or address was saved: what the one before saw must not stay in use. */
  onCredentialChanged(userId: string, kind: ConnectionKind): Promise<void>;
  provePassword: PasswordProof;
  audit: AuditService;
  clock: { now(): number };
}

/** A person's connections to Jira, Confluence and the model, and which features their tests open. */
export function createConfigurationService(deps: ConfigurationServiceDeps): ConfigurationService {
  const { connections, credentials, vault, endpoints, config, probes, audit, clock } = deps;
  const confluenceTokenMaxLength = () => config().confluence.tokenMaxLength;
  const changeDeps = { vault, refuseUrl: deps.refuseUrl, confluenceTokenMaxLength, clock };

  async function found(userId: string, kind: ConnectionKind) {
    const stored = await connections.find(userId, kind);
    return { userId, kind, stored, url: effectiveUrl(kind, stored?.url ?? null, endpoints) };
  }

  async function view(userId: string, kind: ConnectionKind): Promise<ConnectionView> {
    const { stored, url } = await found(userId, kind);
    return {
      kind,
      url,
      asksForSecret: kind !== 'llm' || config().llm.credential !== 'none',
      hasSecret: stored?.encryptedSecret != null,
      secretLength: readable(userId, kind, 'secret', stored)?.length ?? 0,
      verifyTls: stored?.verifyTls ?? true,
      caSubject: caSubject(readable(userId, kind, 'ca', stored)),
      lastTest: stored?.test ?? null,
      testIsCurrent: testIsCurrent(stored, url),
    };
  }

  /** In clear, or null: not stored, or sealed with keys that are gone. The page must open so that it can be replaced. */
  function readable(
    userId: string,
    kind: ConnectionKind,
    part: 'secret' | 'ca',
    stored: StoredConnection | null,
  ): string | null {
    const sealed = part === 'secret' ? stored?.encryptedSecret : stored?.encryptedCa;
    if (sealed == null) return null;
    try {
      return vault.open(sealed, { userId, ...sealedPlaces[kind][part] });
    } catch {
      return null;
    }
  }

  return {
    async address({ userId }, kind) {
      return (await found(userId, kind)).url;
    },

    views: ({ userId }) => Promise.all(connectionKinds.map((kind) => view(userId, kind))),

    async save(actor, kind, form) {
      const before = await found(actor.userId, kind);
      const change = changedConnection(changeDeps, before, form);
      await connections.save(actor.userId, kind, change);
      const wasVerified = before.stored?.verifyTls ?? true;
      if (wasVerified !== change.verifyTls) {
        const action = change.verifyTls ? 'connection.verification_on' : 'connection.verification_off';
        audit.record(actor, { action, outcome: 'ok', detail: { kind } });
      }
      const detail = {
        kind,
        secretReplaced: form.secret.trim() !== '',
        urlChanged: change.url !== (before.stored?.url ?? null),
        caChanged: change.encryptedCa !== (before.stored?.encryptedCa ?? null),
      };
      audit.record(actor, { action: 'connection.save', outcome: 'ok', detail });
      if (detail.secretReplaced || detail.urlChanged) await deps.onCredentialChanged(actor.userId, kind);
      return view(actor.userId, kind);
    },

    async removeSecret(actor, kind) {
      const { stored } = await found(actor.userId, kind);
      // Twice is once: another tab may have been quicker.
      if (stored?.encryptedSecret != null) {
        await connections.removeSecret(actor.userId, kind, changeTime(stored, clock));
        audit.record(actor, { action: 'connection.remove', outcome: 'ok', detail: { kind } });
        await deps.onCredentialChanged(actor.userId, kind);
      }
      return view(actor.userId, kind);
    },

    async test(actor, kind, onSteps = () => undefined) {
      const seen = await found(actor.userId, kind);
      const judgeIdentity = identityJudge(kind, actor.employeeId, config().llm.requireIdentity);
      const probe = await probed(actor, kind, { onSteps, judgeIdentity });
      // Never earlier than the save that it tests, also where the clock was set back.
      const testedAt = Math.max(clock.now(), seen.stored?.changedAt ?? 0);
      const test = judgeProbe({ kind, probe, employeeId: actor.employeeId, judgeIdentity, testedAt });
      const kept = await keep(actor.userId, test, seen);
      const detail = { kind, code: test.problem?.code ?? null, identityVerified: test.identityVerified };
      audit.record(actor, { action: 'connection.test', outcome: test.ok ? 'ok' : 'failed', detail });
      if (test.ok && kept) deps.onTestPassed(actor, kind);
      return test;
    },

    async reveal(actor, kind, currentPassword) {
      const { stored } = await found(actor.userId, kind);
      if (stored?.encryptedSecret == null)
        throw new NotFoundError('secret_missing', 'Nothing is stored here yet.');
      await deps.provePassword(actor, currentPassword, {
        refused: { action: 'connection.reveal', detail: { kind } },
        sentence: 'Nothing was shown. It is kept as it was.',
      });
      // Before the secret leaves: a look that cannot be recorded is logged as an error by the audit service.
      audit.record(actor, { action: 'connection.reveal', outcome: 'ok', detail: { kind } });
      return vault.open(stored.encryptedSecret, { userId: actor.userId, ...sealedPlaces[kind].secret });
    },

    async features({ userId }) {
      const needs = config().features;
      const passed = new Set<ConnectionKind>();
      for (const kind of connectionKinds) if (await passes(userId, kind)) passed.add(kind);
      return (['issueCreator', 'pageSources'] as const).map((feature): FeatureState => {
        const missing = needs[feature].filter((kind) => !passed.has(kind));
        return { feature, open: missing.length === 0, missing };
      });
    },

    confluenceTokenMaxLength,
  };

  /** Whether the connection has a passed test that still counts, also after the administrator became stricter. */
  async function passes(userId: string, kind: ConnectionKind): Promise<boolean> {
    const { stored, url } = await found(userId, kind);
    if (!testIsCurrent(stored, url) || stored?.test?.ok !== true) return false;
    return stored.test.identityVerified || !config().llm.requireIdentity;
  }

  async function probed(actor: Actor, kind: ConnectionKind, watch: ProbeWatch): Promise<ProbeResult> {
    try {
      return await probes[kind](await credentials[kind](actor.userId), actor, watch);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { steps: [], identity: null, tokenExpiresAt: null, problem: error.toProblem(actor.requestId) };
    }
  }

  /** False when the connection was saved meanwhile: then the test is only told. */
  async function keep(
    userId: string,
    test: ConnectionTest,
    seen: Awaited<ReturnType<typeof found>>,
  ): Promise<boolean> {
    const { kind, stored, url } = seen;
    if (url === null) return false;
    const seenChangedAt = stored?.changedAt ?? test.testedAt;
    // A model that asks for no credential has nothing to save first.
    if (stored === null && kind === 'llm') await connections.ensureModel(userId, seenChangedAt);
    return connections.keepTest(userId, kind, { ...test, url }, seenChangedAt);
  }
}

/** Read as of the epoch: a certificate that is over by now still has a subject to show. */
function caSubject(pem: string | null): string | null {
  return pem === null ? null : readCaCertificates(pem, 0).subject;
}

import type { Ids } from '../../agent/ports.ts';
import type { ApiKeyView } from '../../contracts/api-key.ts';
import { BusyError, NotFoundError, UnauthenticatedError, UnavailableError } from '../errors/app-error.ts';
import type { ApiKeyRepository, StoredApiKey } from '../repositories/api-key-repository.ts';
import { apiKeyHash, newApiKey, readBearerKey } from '../security/api-key-text.ts';
import type { Throttle } from '../security/throttle.ts';
import type { Actor, ApiKeyService, AuditService } from './services.ts';

interface ApiKeyServiceDeps {
  keys: ApiKeyRepository;
  throttle: Throttle;
  audit: AuditService;
  /** From config.json, as for sessions. */
  isAdministrator(employeeId: string): boolean;
  ids: Ids;
  clock: { now(): number };
}

const liveKeysMax = 10;
const dayMs = 24 * 3_600_000;
const noteUseEveryMs = 60_000;

/** Personal keys: shown once, kept as digests, and good for the conversations of their person and nothing else. */
export function createApiKeyService(deps: ApiKeyServiceDeps): ApiKeyService {
  const { keys, throttle, audit, isAdministrator, ids, clock } = deps;

  return {
    async list(actor) {
      return (await keys.listLive(actor.userId, clock.now())).map(toView);
    },

    async create(actor, { name, days }) {
      const { text, prefix, hash } = newApiKey();
      const createdAt = clock.now();
      const key: StoredApiKey = {
        ...{ id: ids.next(), userId: actor.userId, name, hash, prefix, createdAt },
        ...{ lastUsedAt: null, expiresAt: createdAt + days * dayMs, revokedAt: null },
      };
      if (!(await keys.insert(key, liveKeysMax))) {
        throw new BusyError('too_many_api_keys', `You have ${liveKeysMax} keys, which is the most.`, {
          hint: 'Revoke one that is no longer used.',
          retryable: false,
        });
      }
      audit.record(actor, { action: 'api_key.create', outcome: 'ok', detail: { name, prefix, days } });
      return { key: toView(key), text };
    },

    async revoke(actor, keyId) {
      const revoked = await keys.revoke(actor.userId, keyId, clock.now());
      if (!revoked) throw new NotFoundError('api_key_missing', 'That key is already gone.');
      const { name, prefix } = revoked;
      audit.record(actor, { action: 'api_key.revoke', outcome: 'ok', detail: { name, prefix } });
    },

    async authenticate(authorization, { address, requestId }) {
      const text = readBearerKey(authorization);
      const found = text === null ? null : await keys.findByHash(apiKeyHash(text), clock.now());
      if (!found) {
        // Only what fails is counted: a key cannot be guessed, but trying must not cost us a look-up for ever.
        throttle.admit({ account: address, address });
        throw refused();
      }
      await noteUse(found.key);
      return { keyId: found.key.id, actor: actorOf(found.user, requestId) };
    },

    async isLive(keyId) {
      return (await keys.findById(keyId, clock.now())) !== null;
    },
  };

  /** While nothing can be stored, one may still read. */
  async function noteUse({ id, lastUsedAt }: StoredApiKey): Promise<void> {
    const now = clock.now();
    // Even a write that changes nothing waits for whoever else is writing.
    if (lastUsedAt !== null && lastUsedAt > now - noteUseEveryMs) return;
    try {
      await keys.touch(id, now, now - noteUseEveryMs);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }

  function actorOf({ id, employeeId }: { id: string; employeeId: string }, requestId: string): Actor {
    const role = isAdministrator(employeeId) ? 'administrator' : 'user';
    return { userId: id, employeeId, role, requestId };
  }
}

function toView({ id, name, prefix, createdAt, lastUsedAt, expiresAt }: StoredApiKey): ApiKeyView {
  return { id, name, prefix, createdAt, lastUsedAt, expiresAt };
}

function refused(): UnauthenticatedError {
  return new UnauthenticatedError('api_key_refused', 'This key is unknown, revoked or out of date.', {
    hint: 'Make a new one on the profile page, and send it as "Authorization: Bearer blk_...".',
  });
}

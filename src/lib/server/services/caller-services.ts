import type { ApiKeyForm, ApiKeyView } from '../../contracts/api-key.ts';
import type { Actor, Origin } from './account-services.ts';

/** Personal keys for scripts. They reach a person's conversations and nothing else. */
export interface ApiKeyService {
  /** The live keys, the newest first. */
  list(actor: Actor): Promise<ApiKeyView[]>;
  /** `text` is the key itself; nobody can read it again. */
  create(actor: Actor, form: ApiKeyForm): Promise<{ key: ApiKeyView; text: string }>;
  revoke(actor: Actor, keyId: string): Promise<void>;
  /** Whose key an `Authorization` header presents; UnauthenticatedError where it is none that lives. */
  authenticate(
    authorization: string,
    origin: Pick<Origin, 'address' | 'requestId'>,
  ): Promise<{ keyId: string; actor: Actor }>;
  /** For a connection that outlives the request it began with. */
  isLive(keyId: string): Promise<boolean>;
}

/** How much one person may ask by requests, beside the limits of the channel. */
export interface CallerLimits {
  /** Counts one request; BusyError when they come too fast. */
  admit(actor: Actor): void;
  /**
   * Takes a place for one event stream; BusyError when all are taken. `end` is told when the app closes. Returns the
   * call that gives the place back; it may come twice.
   */
  openStream(whose: { userId: string; address: string }, end: () => void): () => void;
}

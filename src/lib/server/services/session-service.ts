import { randomBytes } from 'node:crypto';
import { Lucia } from 'lucia';
import { NotFoundError, UnauthenticatedError, UnavailableError } from '../errors/app-error.ts';
import type { SessionRepository } from '../repositories/session-repository.ts';
import type { User, UserRepository } from '../repositories/user-repository.ts';
import type { PasswordHasher } from '../security/password-hash.ts';
import { readSessionToken, sessionDigest, signSessionToken } from '../security/session-token.ts';
import type { Throttle } from '../security/throttle.ts';
import { createPasswordChange } from './password-change.ts';
import type { PasswordProof } from './password-proof.ts';
import type { SessionEnd, SessionEnds } from './session-ends.ts';
import type {
  AuditService,
  LiveSession,
  Origin,
  SessionCookie,
  SessionService,
  SignedInUser,
} from './services.ts';
import { createSignInCheck } from './sign-in-check.ts';

export interface SessionServiceDeps {
  sessions: SessionRepository;
  users: UserRepository;
  hasher: PasswordHasher;
  throttle: Throttle;
  provePassword: PasswordProof;
  ends: SessionEnds;
  audit: AuditService;
  signingKeys: readonly Buffer[];
  /** From config.json, so it is asked anew at each sign-in and each look at a session. */
  isAdministrator(employeeId: string): boolean;
  limits: { idleMs: number; absoluteMs: number };
  clock: { now(): number };
}

/** Beyond the interface that routes know: what the composition root runs. */
export type ManagedSessionService = SessionService & {
  /** Ends what has expired and what belongs to disabled people. Cheap when there is none: run it every second. */
  sweep(): void;
};

/** Activity moves the expiry in the database at most this often. */
const WRITE_EVERY_MS = 60_000;
const SECRET_ID_BYTES = 32;

/**
 * Sessions on lucia and oslo. The live row decides; the cookie is a signed JWT that names it by a secret id, of which
 * only the digest is stored. Looking at a session never prolongs it; `renew` does, and `keepAlive` for whoever asks for a page.
 */
export function createSessionService(deps: SessionServiceDeps): ManagedSessionService {
  const { sessions, users, ends, audit, signingKeys, limits, clock } = deps;
  const lucia = new Lucia(sessions.adapter);
  const checkSignIn = createSignInCheck(deps);
  const newPasswordHash = createPasswordChange(deps);
  /** Secret ids stay beside the sessions that `authenticate` hands out, so that no page can print one. */
  const secretIds = new WeakMap<LiveSession, string>();

  async function open(userId: string, origin: Pick<Origin, 'address' | 'userAgent'>): Promise<SessionCookie> {
    const now = clock.now();
    const secretId = randomBytes(SECRET_ID_BYTES).toString('base64url');
    const absoluteExpiresAt = now + limits.absoluteMs;
    const expiresAt = toSeconds(Math.min(now + limits.idleMs, absoluteExpiresAt));
    const { address, userAgent } = origin;
    const attributes = { expiresAt, absoluteExpiresAt, createdAt: now, lastSeenAt: now, userAgent, address };
    await lucia.createSession(userId, attributes, { sessionId: sessionDigest(secretId) });
    await sessions.seen(userId, now);
    return sign(secretId, expiresAt);
  }

  async function sign(secretId: string, expiresAt: number): Promise<SessionCookie> {
    return {
      value: await signSessionToken({ secretId, expiresAt }, signingKeys),
      expiresAt: expiresAt * 1_000,
    };
  }

  async function live(sessionId: string): Promise<LiveSession | null> {
    const found = await sessions.live(sessionId, clock.now());
    if (found === null) return null;
    const { expiresAt, absoluteExpiresAt } = found.session;
    return { sessionId, user: signedIn(found.user), expiresAt: expiresAt * 1_000, absoluteExpiresAt };
  }

  /** Null when the session is over. */
  async function slide(session: LiveSession, expiresAt: number): Promise<SessionCookie | null> {
    const now = clock.now();
    const secretId = secretIds.get(session);
    const slid = await sessions.slide(session.sessionId, {
      now,
      idleSince: now - WRITE_EVERY_MS,
      expiresAt,
    });
    return secretId === undefined || slid === null ? null : sign(secretId, slid.expiresAt);
  }

  const newExpiry = ({ absoluteExpiresAt }: LiveSession) =>
    Math.min(clock.now() + limits.idleMs, absoluteExpiresAt);

  async function replace({ sessionId, user }: LiveSession, requestId: string): Promise<void> {
    await lucia.invalidateSession(sessionId);
    ends.announce({ sessionId, userId: user.id, reason: 'ended' });
    audit.record(actorOf(user, requestId), {
      action: 'session.end',
      outcome: 'ok',
      detail: { bySignIn: true },
    });
  }

  function announceAll(userId: string, sessionIds: string[], reason: SessionEnd['reason']): void {
    for (const sessionId of sessionIds) ends.announce({ sessionId, userId, reason });
  }

  function signedIn(user: User): SignedInUser {
    const { id, employeeId, name, displayName, email, avatarImage } = user;
    const role = deps.isAdministrator(employeeId) ? 'administrator' : 'user';
    return { id, employeeId, name, displayName, email, avatarImage, role };
  }

  return {
    async signIn(input, origin, replaced = null) {
      const user = await checkSignIn(input, origin);
      const person = signedIn(user);
      if (person.role !== user.role) await users.setRole(user.id, person.role, clock.now());
      const cookie = await open(user.id, origin);
      if (replaced !== null) await replace(replaced, origin.requestId);
      audit.record(actorOf(person, origin.requestId), {
        action: 'session.sign_in',
        outcome: 'ok',
        detail: { address: origin.address },
      });
      return { cookie, user: person };
    },

    async authenticate(cookieValue) {
      const token = cookieValue ? readSessionToken(cookieValue, signingKeys, clock.now()) : null;
      if (token === null) return null;
      const session = await live(sessionDigest(token.secretId));
      if (session !== null) secretIds.set(session, token.secretId);
      return session;
    },

    current: live,

    async renew(session) {
      const cookie = await slide(session, newExpiry(session));
      if (cookie === null) throw sessionOver();
      return cookie;
    },

    async keepAlive(session) {
      const expiresAt = newExpiry(session);
      if (expiresAt - session.expiresAt < WRITE_EVERY_MS) return null;
      const cookie = await slide(session, expiresAt).catch(unlessUnstorable);
      if (cookie === null) return null;
      const kept = { ...session, expiresAt: cookie.expiresAt };
      const secretId = secretIds.get(session);
      if (secretId !== undefined) secretIds.set(kept, secretId);
      return { session: kept, cookie };
    },

    async signOut({ sessionId, user }, requestId) {
      await lucia.invalidateSession(sessionId);
      ends.announce({ sessionId, userId: user.id, reason: 'signed_out' });
      audit.record(actorOf(user, requestId), { action: 'session.sign_out', outcome: 'ok' });
    },

    async signOutEverywhere(actor) {
      const ended = await sessions.removeAll(actor.userId);
      announceAll(actor.userId, ended, 'signed_out');
      audit.record(actor, {
        action: 'session.sign_out_everywhere',
        outcome: 'ok',
        detail: { sessions: ended.length },
      });
    },

    async list(actor, current) {
      const live = await sessions.listLive(actor.userId, clock.now());
      return live.map(({ id, createdAt, lastSeenAt, userAgent, address }) => {
        return { id, createdAt, lastSeenAt, userAgent, address, current: id === current.sessionId };
      });
    },

    async end(actor, sessionId) {
      const was = await sessions.remove(actor.userId, sessionId);
      if (!was) throw new NotFoundError('session_not_found', 'That session is already over.');
      ends.announce({ sessionId, userId: actor.userId, reason: 'ended' });
      audit.record(actor, { action: 'session.end', outcome: 'ok' });
    },

    async changePassword(actor, current, input) {
      const hashedPassword = await newPasswordHash(actor, input);
      const here = (await sessions.listLive(actor.userId, clock.now())).find(
        ({ id }) => id === current.sessionId,
      );
      const ended = await users.changePassword(actor.userId, hashedPassword, clock.now());
      const cookie = await open(actor.userId, {
        address: here?.address ?? '',
        userAgent: here?.userAgent ?? null,
      });
      announceAll(actor.userId, ended, 'ended');
      audit.record(actor, {
        action: 'password.change',
        outcome: 'ok',
        detail: { sessionsEnded: ended.length },
      });
      return cookie;
    },

    onEnded: ends.onEnded,

    sweep() {
      for (const over of sessions.removeOver(clock.now())) ends.announce(over);
    },
  };
}

function actorOf({ id, employeeId }: Pick<SignedInUser, 'id' | 'employeeId'>, requestId: string) {
  return { userId: id, employeeId, requestId };
}

/** Pages can be read while nothing can be stored; the session then ends when it would have. */
function unlessUnstorable(error: unknown): null {
  if (error instanceof UnavailableError) return null;
  throw error;
}

function sessionOver(): UnauthenticatedError {
  return new UnauthenticatedError('session_ended', 'Your session has ended.', { hint: 'Sign in again.' });
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

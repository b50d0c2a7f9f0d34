/** Who asks, and under which request id. */
export interface Actor {
  userId: string;
  employeeId: string;
  role: 'user' | 'administrator';
  requestId: string;
}

/** Where an unauthenticated request comes from. */
export interface Origin {
  address: string;
  userAgent: string | null;
  requestId: string;
}

/** Who Jira says it is, as the second step of registration shows it. */
export interface JiraPerson {
  employeeId: string;
  name: string;
  email: string;
  /** Fetched once and served by us: a data: URL of at most 64 KiB, or null. */
  avatarImage: string | null;
  jiraUrl: string;
}

export interface RegistrationService {
  /** Step one. The token is proven against the configured Jira and lies encrypted for ten minutes. */
  begin(
    input: { jiraToken: string; purpose: 'register' | 'reset' },
    origin: Origin,
  ): Promise<{ attempt: string; expiresAt: number; person: JiraPerson }>;
  /** Who the attempt is about, or null when it is over. `attempt` is the value of its cookie. */
  person(
    attempt: string,
  ): Promise<{ person: JiraPerson; purpose: 'register' | 'reset'; expiresAt: number } | null>;
  /** Step two. The token is proven again. Ends all sessions of a person whose password is reset. */
  complete(input: { attempt: string; password: string }, origin: Origin): Promise<{ employeeId: string }>;
  cancel(attempt: string): Promise<void>;
}

export interface SignedInUser {
  id: string;
  employeeId: string;
  name: string;
  displayName: string;
  email: string;
  role: 'user' | 'administrator';
  avatarImage: string | null;
}

export interface LiveSession {
  sessionId: string;
  user: SignedInUser;
  /** Milliseconds since 1970, UTC. */
  expiresAt: number;
  absoluteExpiresAt: number;
}

export interface SessionCookie {
  value: string;
  expiresAt: number;
}

export interface SessionService {
  /**
   * The same answer and the same work for unknown people. BusyError when throttled. The session that this browser had
   * until now, whoever's it is, ends with it.
   */
  signIn(
    input: { login: string; password: string },
    origin: Origin,
    replaced?: LiveSession | null,
  ): Promise<{ cookie: SessionCookie; user: SignedInUser }>;
  /** The live session of a cookie value, or null: bad signature, expired, ended, disabled all look alike. Synchronous work only: cheap enough for every event. */
  authenticate(cookieValue: string | undefined): Promise<LiveSession | null>;
  /** The live session by its id, or null. For a connection that outlives the JWT of the cookie it came with. */
  current(sessionId: string): Promise<LiveSession | null>;
  /** Slides the expiry (written at most once a minute) and signs a new cookie. */
  renew(session: LiveSession): Promise<SessionCookie>;
  /**
   * The same for somebody who asks for a page, since a browser without scripts renews nothing by itself. Null where there
   * is less than a minute to win, or where the session is over.
   */
  keepAlive(session: LiveSession): Promise<{ session: LiveSession; cookie: SessionCookie } | null>;
  signOut(session: LiveSession, requestId: string): Promise<void>;
  signOutEverywhere(actor: Actor): Promise<void>;
  list(
    actor: Actor,
    current: LiveSession,
  ): Promise<
    {
      id: string;
      createdAt: number;
      lastSeenAt: number;
      userAgent: string | null;
      address: string | null;
      current: boolean;
    }[]
  >;
  end(actor: Actor, sessionId: string): Promise<void>;
  /** Ends all other sessions and rotates this one: set the returned cookie. */
  changePassword(
    actor: Actor,
    current: LiveSession,
    input: { currentPassword: string; password: string },
  ): Promise<SessionCookie>;
  /** Told at once when a session ended for whatever reason. Returns the call that unsubscribes. */
  onEnded(
    listener: (event: {
      sessionId: string;
      userId: string;
      reason: 'signed_out' | 'expired' | 'ended' | 'disabled';
    }) => void,
  ): () => void;
}

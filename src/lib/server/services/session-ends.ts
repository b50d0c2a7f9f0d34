/** A session that is over, and why. */
export interface SessionEnd {
  sessionId: string;
  userId: string;
  reason: 'signed_out' | 'expired' | 'ended' | 'disabled';
}

export interface SessionEnds {
  announce(end: SessionEnd): void;
  /** Returns the call that unsubscribes. */
  onEnded(listener: (end: SessionEnd) => void): () => void;
}

/** Tells the channel at once that a session is over, whichever service ended it. */
export function createSessionEnds({
  log,
}: {
  log: { error(detail: object, message: string): void };
}): SessionEnds {
  const listeners = new Set<(end: SessionEnd) => void>();

  function announce(end: SessionEnd): void {
    for (const listener of listeners) {
      try {
        listener(end);
      } catch (err) {
        // The others must still hear of it: each closes its own sockets.
        log.error({ err, reason: end.reason }, 'a listener failed when a session ended');
      }
    }
  }

  function onEnded(listener: (end: SessionEnd) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { announce, onEnded };
}

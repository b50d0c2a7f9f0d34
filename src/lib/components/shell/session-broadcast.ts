import type { SessionTimes } from './session-countdown.ts';

export type SignedOutBecause = 'expired' | 'signed_out' | 'ended';
type News = { kind: 'renewed'; times: SessionTimes } | { kind: 'ended'; because: SignedOutBecause };

const CHANNEL = 'backlogue-session';

/** This page's own end: what is sent by it, this page does not hear. */
let own: BroadcastChannel | null = null;

/** Tells the other tabs of this browser how the session stands, and hears from them. */
export function openSessionBroadcast(listener: {
  renewed: (times: SessionTimes) => void;
  ended: (because: SignedOutBecause) => void;
}) {
  const channel = new BroadcastChannel(CHANNEL);
  own = channel;
  channel.onmessage = ({ data: news }: MessageEvent<News>) => {
    if (news.kind === 'renewed') listener.renewed(news.times);
    else listener.ended(news.because);
  };
  const tell = (news: News) => channel.postMessage(news);
  return {
    renewed: (times: SessionTimes) => tell({ kind: 'renewed', times: { ...times } }),
    ended: (because: SignedOutBecause) => tell({ kind: 'ended', because }),
    close() {
      channel.close();
      if (own === channel) own = null;
    },
  };
}

/**
 * Says to every other tab that the person signed out; the sign-out form calls it before it is sent. This page must not
 * hear it: it would leave before its form has left, and the session would live on.
 */
export function announceSignOut() {
  own?.postMessage({ kind: 'ended', because: 'signed_out' } satisfies News);
}

/** More time from the server, or null when the session is over. Rejects when the server cannot be reached. */
export async function renewSession(): Promise<SessionTimes | null> {
  return timesIn(
    await fetch('/session/renew', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }),
  );
}

/** How the session stands on the server, or null when it is over there. Rejects when the server cannot be reached. */
export async function askSession(): Promise<SessionTimes | null> {
  return timesIn(await fetch('/session/state'));
}

async function timesIn(answer: Response): Promise<SessionTimes | null> {
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`The session could not be asked for: status ${answer.status}.`);
  return (await answer.json()) as SessionTimes;
}

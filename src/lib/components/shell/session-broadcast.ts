import type { SessionTimes } from './session-countdown.ts';
import { dropUnsaved } from './unsaved-guard.svelte.ts';

export type SignedOutBecause = 'expired' | 'signed_out' | 'ended';
type News = { kind: 'renewed'; times: SessionTimes } | { kind: 'ended'; because: SignedOutBecause };

const CHANNEL = 'backlogue-session';

/** Tells the other tabs of this browser how the session stands, and hears from them. */
export function openSessionBroadcast(listener: {
  renewed: (times: SessionTimes) => void;
  ended: (because: SignedOutBecause) => void;
}) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data: news }: MessageEvent<News>) => {
    if (news.kind === 'renewed') listener.renewed(news.times);
    else listener.ended(news.because);
  };
  const tell = (news: News) => channel.postMessage(news);
  return {
    renewed: (times: SessionTimes) => tell({ kind: 'renewed', times: { ...times } }),
    ended: (because: SignedOutBecause) => tell({ kind: 'ended', because }),
    close: () => channel.close(),
  };
}

/** Says to every other tab that the person signed out; the sign-out form calls it before it is sent. */
export function announceSignOut() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ kind: 'ended', because: 'signed_out' } satisfies News);
  channel.close();
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

/** Loads the sign-in page anew, so that nothing of the session stays in memory; it leads back here. */
export function leaveToSignIn(because: SignedOutBecause) {
  // What the page shows must go with its session: nothing may hold it up.
  dropUnsaved();
  const next = location.pathname + location.search;
  location.assign(`/sign-in?because=${because}&next=${encodeURIComponent(next)}`);
}

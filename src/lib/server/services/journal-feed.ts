import type { RunEvent } from '../../contracts/run-event.ts';
import type { Journal } from './journal.ts';
import type { Publisher } from './publisher.ts';
import type { ConversationReader, FollowedConversation } from './services.ts';

/** Events read from the database at a time: well under what one socket may hold back, even full of drafts. */
const batchSize = 200;

interface FeedDeps {
  journal: Pick<Journal, 'after' | 'lastSeq'>;
  publisher: Pick<Publisher, 'subscribe'>;
}

/**
 * Follows one conversation for one reader: replays what came after `afterSeq`, then goes on live, without gap or
 * double. A reader that takes less than happens is given the rest from the journal once it is ready, so nothing piles
 * up in memory.
 */
export async function followJournal(
  { journal, publisher }: FeedDeps,
  {
    conversationId,
    afterSeq,
    reader,
  }: { conversationId: string; afterSeq: number; reader: ConversationReader },
): Promise<FollowedConversation> {
  let state: 'catching_up' | 'live' | 'stopped' = 'catching_up';
  let sent = afterSeq;
  /** The newest seq that was published: what the replay must reach before it may go live. */
  let newest = afterSeq;

  // Before the first read: an event is published after its commit, so it is in the journal or told here.
  const unsubscribe = publisher.subscribe(conversationId, (events) => {
    newest = Math.max(newest, events.at(-1)?.seq ?? 0);
    if (state === 'live') deliver(events);
  });
  const stop = () => {
    state = 'stopped';
    unsubscribe();
  };

  const lastSeq = await journal.lastSeq(conversationId);
  // A reader of another database may be ahead of this one: what comes next must still reach it.
  sent = Math.min(afterSeq, lastSeq);
  return { lastSeq, start: () => void catchUp(), stop };

  async function catchUp(): Promise<void> {
    try {
      while (isCatchingUp()) {
        await reader.ready();
        const reached = newest;
        const missed = await journal.after(conversationId, sent, batchSize);
        if (!isCatchingUp()) return;
        if (missed.length > 0) deliver(missed);
        else if (newest === reached) state = 'live';
      }
    } catch (error) {
      if (!isCatchingUp()) return;
      stop();
      reader.cut(error);
    }
  }

  function deliver(events: readonly RunEvent[]): void {
    const fresh = events.filter(({ seq }) => seq > sent);
    const last = fresh.at(-1);
    if (!last) return;
    sent = last.seq;
    const takesMore = reader.take(fresh);
    if (takesMore || state !== 'live') return;
    state = 'catching_up';
    void catchUp();
  }

  // A function, since `state` changes while the loop awaits.
  function isCatchingUp(): boolean {
    return state === 'catching_up';
  }
}

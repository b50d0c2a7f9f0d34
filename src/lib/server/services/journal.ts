import type { Logger } from 'pino';
import type { Clock } from '../../agent/ports.ts';
import type { NewRunEvent, RunEvent, TokenChannel } from '../../contracts/run-event.ts';
import type { ConversationRepository } from '../repositories/conversation-repository.ts';
import type { JournalRepository } from '../repositories/journal-repository.ts';
import type { RunClaim } from '../repositories/run-rows.ts';
import { createPendingEvents } from './pending-events.ts';
import type { Publisher } from './publisher.ts';

/** Who writes events as they come: a run, under its claim. */
export interface JournalWriter {
  conversationId: string;
  run: RunClaim;
  /** Told once when something written could not be stored: what follows would be a false story. */
  onLost(error: unknown): void;
}

/** The one way into the journal: everything is committed first, then published, in the order of the seqs. */
export interface Journal {
  /** Stored with everything else of this turn of the event loop. */
  write(writer: JournalWriter, event: NewRunEvent): void;
  /** As `write`, but the pieces of one stream that come in one turn are one event, and a first piece is not held back. */
  writeToken(writer: JournalWriter, streamId: string, channel: TokenChannel, delta: string): void;
  /**
   * Runs a repository call that appends events, after everything written so far, and publishes the events that
   * `eventsOf` finds in its result before anything later is committed.
   */
  commit<T>(work: () => Promise<T>, eventsOf: (result: T) => readonly RunEvent[]): Promise<T>;
  after(conversationId: string, seq: number, limit: number): Promise<RunEvent[]>;
  lastSeq(conversationId: string): Promise<number>;
  /** Resolves once everything written so far is stored. */
  flush(): Promise<void>;
}

interface JournalDeps {
  journal: JournalRepository;
  conversations: Pick<ConversationRepository, 'summary'>;
  publisher: Publisher;
  clock: Clock;
  log: Logger;
}

export function createJournal({ journal, conversations, publisher, clock, log }: JournalDeps): Journal {
  const pending = createPendingEvents();
  // One lane for all: commits take turns on the one writing connection anyway, and each publishes before the next.
  let lane: Promise<unknown> = Promise.resolve();
  let flushing: (() => void) | null = null;
  let restUntil = 0;

  return {
    write(writer, event) {
      pending.add(writer, event);
      drainSoon();
    },
    writeToken(writer, streamId, channel, delta) {
      const isFirst = pending.addToken(writer, { streamId, channel, delta });
      if (isFirst) drain();
      else drainSoon();
    },
    commit(work, eventsOf) {
      drain();
      return inLane(async () => {
        const result = await work();
        await publish(eventsOf(result));
        return result;
      });
    },
    after: journal.after,
    lastSeq: journal.lastSeq,
    async flush() {
      drain();
      await lane;
    },
  };

  function inLane<T>(work: () => Promise<T>): Promise<T> {
    const done = lane.then(work);
    lane = done.catch(() => undefined);
    return done;
  }

  /** With this turn of the event loop; after a batch that took long, once the journal has left the thread its share. */
  function drainSoon(): void {
    if (flushing !== null) return;
    const restMs = restUntil - performance.now();
    if (restMs > 0) {
      const timer = setTimeout(drain, restMs);
      flushing = () => clearTimeout(timer);
    } else {
      const immediate = setImmediate(drain);
      flushing = () => clearImmediate(immediate);
    }
  }

  function drain(): void {
    flushing?.();
    flushing = null;
    const batch = pending.take();
    if (batch.length > 0) void inLane(() => store(batch));
  }

  async function store(batch: { writer: JournalWriter; events: NewRunEvent[] }[]): Promise<void> {
    const entries = batch.map(({ writer: { conversationId, run }, events }) => ({
      conversationId,
      run,
      events,
    }));
    const beganAt = performance.now();
    let stored: RunEvent[];
    try {
      stored = await journal.append(entries, clock.now());
    } catch (error) {
      // One conversation that is gone must not cost the others their events: each for itself.
      if (batch.length > 1) {
        for (const part of batch) await store([part]);
        return;
      }
      log.error({ err: error }, 'Events could not be stored.');
      for (const { writer } of batch) writer.onLost(error);
      return;
    }
    await publish(stored);
    const endedAt = performance.now();
    restUntil = endedAt + Math.min(LONGEST_REST_MS, (endedAt - beganAt) * REST_PER_WORK);
  }

  async function publish(events: readonly RunEvent[]): Promise<void> {
    for (const [conversationId, ofConversation] of Map.groupBy(events, (event) => event.conversationId)) {
      publisher.publish(conversationId, ofConversation);
      if (!ofConversation.some(changesList)) continue;
      const summary = await conversations.summary(conversationId);
      if (summary) publisher.publishSummary(summary.userId, summary.conversation);
    }
  }
}

/**
 * Batches come so far apart that storing and sending them takes a quarter of the thread at most: many streams share a
 * transaction then, and what runs need besides goes on. A token is held back by less than a person sees.
 */
const REST_PER_WORK = 3;
const LONGEST_REST_MS = 8;

function changesList(event: RunEvent): boolean {
  return (
    event.type === 'conversation_changed' ||
    (event.type === 'draft_saved' && event.body.draft.status === 'created')
  );
}

import type { Logger } from 'pino';
import type { Clock } from '../../agent/ports.ts';
import type { NewRunEvent, RunEvent, TokenChannel } from '../../contracts/run-event.ts';
import type { ConversationRepository } from '../repositories/conversation-repository.ts';
import { tellsProgress, type JournalRepository } from '../repositories/journal-repository.ts';
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
  /** Stored with everything else of this turn of the event loop; a step of the agent may wait a few of them. */
  write(writer: JournalWriter, event: NewRunEvent): void;
  /** As `write`, but the pieces of one stream that come in one turn are one event, and a first piece is not held back. */
  writeToken(writer: JournalWriter, streamId: string, channel: TokenChannel, delta: string): void;
  /**
   * Runs a repository call that appends events, after everything written so far, and publishes the events that
   * `eventsOf` finds in its result before anything later of their conversation. Resolves once the disk has it and it is
   * told. `meanwhile` is called as soon as it is committed: what it begins must be harmless where a power cut takes the
   * commit back, and is told after it.
   */
  commit<T>(
    work: () => Promise<T>,
    eventsOf: (result: T) => readonly RunEvent[],
    meanwhile?: (result: T) => void,
  ): Promise<T>;
  /** What the disk has of the journal: a reader is shown nothing that a power cut could take back. */
  after(conversationId: string, seq: number, limit: number): Promise<RunEvent[]>;
  lastSeq(conversationId: string): Promise<number>;
  /** Resolves once everything written so far is stored. */
  flush(): Promise<void>;
}

/** Commits that were made without waiting for the disk. */
interface CommittedToDisk {
  /** Whether there is one now that the disk may not have. */
  owes(): boolean;
  /** Resolves once the disk has every commit up to the call; rejects where it refuses. */
  settled(): Promise<void>;
}

interface JournalDeps {
  journal: JournalRepository;
  conversations: Pick<ConversationRepository, 'summary'>;
  publisher: Publisher;
  disk: CommittedToDisk;
  clock: Clock;
  log: Logger;
}

export function createJournal({ journal, publisher, disk, clock, log, ...deps }: JournalDeps): Journal {
  const pending = createPendingEvents();
  // One lane for all: commits take turns on the one writing connection anyway.
  let lane: Promise<unknown> = Promise.resolve();
  let answered: Promise<void> = Promise.resolve();
  /** The last of what is still to be told, by conversation: its events come in the order of their commits. */
  const telling = new Map<string, Promise<void>>();
  let planned: { at: number; cancel: () => void } | null = null;
  let restUntil = 0;

  return {
    write(writer, event) {
      pending.add(writer, event);
      drainBy(event.type === 'step' ? performance.now() + STEPS_WAIT_MS : restUntil);
    },
    writeToken(writer, streamId, channel, delta) {
      const isFirst = pending.addToken(writer, { streamId, channel, delta });
      if (isFirst) drain();
      else drainBy(restUntil);
    },
    async commit(work, eventsOf, meanwhile) {
      drain();
      // Inside an object: the lane goes on, and only the caller waits for the disk.
      const { result, told } = await inLane(async () => {
        const committed = await work();
        const promise = inOrder(tellAll(eventsOf(committed), waitForDisk()));
        meanwhile?.(committed);
        return { result: committed, told: promise };
      });
      await told;
      return result;
    },
    async after(conversationId, seq, limit) {
      await disk.settled();
      return journal.after(conversationId, seq, limit);
    },
    async lastSeq(conversationId) {
      await disk.settled();
      return journal.lastSeq(conversationId);
    },
    async flush() {
      drain();
      await lane;
      await Promise.allSettled(telling.values());
    },
  };

  function inLane<T>(work: () => Promise<T>): Promise<T> {
    const done = lane.then(work);
    lane = done.catch(() => undefined);
    return done;
  }

  /** At that time, with this turn of the event loop where it has passed; earlier where something else asks for it. */
  function drainBy(at: number): void {
    if (planned !== null && planned.at <= at) return;
    planned?.cancel();
    const waitMs = at - performance.now();
    if (waitMs > 0) {
      const timer = setTimeout(drain, waitMs);
      planned = { at, cancel: () => clearTimeout(timer) };
    } else {
      const immediate = setImmediate(drain);
      planned = { at, cancel: () => clearImmediate(immediate) };
    }
  }

  function drain(): void {
    planned?.cancel();
    planned = null;
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
    const onDisk = stored.every(tellsProgress) ? null : waitForDisk();
    for (const [conversationId, events] of byConversation(stored)) {
      tell(conversationId, events, events.every(tellsProgress) ? null : onDisk)?.catch((error: unknown) => {
        log.error({ err: error }, 'The disk did not take events.');
        for (const { writer } of batch) if (writer.conversationId === conversationId) writer.onLost(error);
      });
    }
    const endedAt = performance.now();
    restUntil = endedAt + Math.min(LONGEST_REST_MS, (endedAt - beganAt) * REST_PER_WORK);
  }

  /** Callers learn of their commits in the order of these: of two that raced, the winner is answered first. */
  function inOrder(told: Promise<void>): Promise<void> {
    const inTurn = answered.then(() => told);
    // It may fail before its turn has come.
    told.catch(() => undefined);
    answered = inTurn.catch(() => undefined);
    return inTurn;
  }

  /** Null where the disk has everything. */
  function waitForDisk(): Promise<void> | null {
    return disk.owes() ? disk.settled() : null;
  }

  async function tellAll(events: readonly RunEvent[], onDisk: Promise<void> | null): Promise<void> {
    await Promise.all([onDisk, ...byConversation(events).map(([id, ofOne]) => tell(id, ofOne, onDisk))]);
  }

  /** Publishes once the disk has it (null: need not), and never before what came earlier in the conversation. */
  function tell(
    conversationId: string,
    events: readonly RunEvent[],
    onDisk: Promise<void> | null,
  ): Promise<void> | null {
    const earlier = telling.get(conversationId);
    if (!earlier && onDisk === null) {
      publish(conversationId, events);
      return null;
    }
    // Where the disk refused something earlier, readers see a gap and ask the journal.
    const told = Promise.all([onDisk, earlier?.catch(() => undefined)]).then(() =>
      publish(conversationId, events),
    );
    telling.set(conversationId, told);
    const over = () => {
      if (telling.get(conversationId) === told) telling.delete(conversationId);
    };
    told.then(over, over);
    return told;
  }

  function publish(conversationId: string, events: readonly RunEvent[]): void {
    publisher.publish(conversationId, events);
    if (!events.some(changesList)) return;
    deps.conversations.summary(conversationId).then(
      (summary) => summary && publisher.publishSummary(summary.userId, summary.conversation),
      (error: unknown) => log.error({ err: error }, 'A list could not be told of a conversation.'),
    );
  }
}

function byConversation(events: readonly RunEvent[]): [string, RunEvent[]][] {
  return [...Map.groupBy(events, ({ conversationId }) => conversationId)];
}

/**
 * Batches come so far apart that storing and sending them takes a quarter of the thread at most: many streams share a
 * transaction then, and what runs need besides goes on. A token is held back by less than a person sees.
 */
const REST_PER_WORK = 3;
const LONGEST_REST_MS = 8;
/** What only says what the agent is about goes with whatever comes next: quick steps take one transaction and not ten. */
const STEPS_WAIT_MS = 4;

/** The list shows each conversation's state, and how many issues it has in Jira. */
function changesList(event: RunEvent): boolean {
  if (event.type === 'draft_saved') return ['created', 'undone'].includes(event.body.draft.status);
  return event.type === 'conversation_changed';
}

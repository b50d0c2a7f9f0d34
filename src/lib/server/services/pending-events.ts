import type { NewRunEvent, RunEventOf } from '../../contracts/run-event.ts';
import type { JournalWriter } from './journal.ts';

type Token = RunEventOf<'assistant_token'>['body'];

/** Events that wait for the end of this turn of the event loop, by writer, with each stream's pieces joined. */
export function createPendingEvents() {
  let batch = new Map<JournalWriter, NewRunEvent[]>();
  /** Streams that have begun, so that the first piece of each is known. */
  const begun = new WeakMap<JournalWriter, Set<string>>();

  return {
    add(writer: JournalWriter, event: NewRunEvent): void {
      eventsOf(writer).push(event);
    },

    /** True when it is the first piece of its stream. */
    addToken(writer: JournalWriter, token: Token): boolean {
      const events = eventsOf(writer);
      const open = openToken(events, token.streamId);
      if (open) open.delta += token.delta;
      else events.push({ type: 'assistant_token', body: { ...token } });
      return isFirst(writer, token.streamId);
    },

    take(): { writer: JournalWriter; events: NewRunEvent[] }[] {
      const taken = batch;
      batch = new Map();
      return [...taken].map(([writer, events]) => ({ writer, events }));
    },
  };

  function eventsOf(writer: JournalWriter): NewRunEvent[] {
    const events = batch.get(writer) ?? [];
    batch.set(writer, events);
    return events;
  }

  function isFirst(writer: JournalWriter, streamId: string): boolean {
    const streams = begun.get(writer) ?? new Set();
    begun.set(writer, streams);
    if (streams.has(streamId)) return false;
    streams.add(streamId);
    return true;
  }
}

/** The stream's waiting piece, unless something other than text came after it: order is kept. */
function openToken(events: NewRunEvent[], streamId: string): Token | null {
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index];
    if (event?.type !== 'assistant_token') return null;
    if (event.body.streamId === streamId) return event.body;
  }
  return null;
}

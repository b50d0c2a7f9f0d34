import { UnavailableError } from '../errors/app-error.ts';

/** What is kept in memory while nothing can be written: hours of a full disk, in which hardly anything can be done. */
const mostWaiting = 10_000;
/** How many of those that wait may fail before the rest is left for the next time. */
const mostFailures = 3;
/** So often others are written past an event before it is given up: a lock that was held a moment too long passes. */
const mostOvertakings = 3;

interface Waiting<Event> {
  event: Event;
  overtaken: number;
}

/**
 * Writes events in their order and keeps what could not be written. While the storage takes nothing, everything waits
 * for as long as that lasts. An event that fails while later ones are written is at fault itself: it is overtaken, and
 * after a few times given up, or it would keep every later one from its place for ever.
 */
export function createAuditBacklog<Event>(deps: {
  write(event: Event): void;
  /** Told when an event could not be written at first. */
  onKept(event: Event, error: unknown): void;
  /** Told of each event that will never be written. */
  onGivenUp(event: Event): void;
}) {
  let waiting: Waiting<Event>[] = [];

  return {
    isEmpty: () => waiting.length === 0,

    /** Never throws. */
    write(event: Event): void {
      const failed = writeWaiting();
      try {
        deps.write(event);
      } catch (error) {
        deps.onKept(event, error);
        if (waiting.length < mostWaiting) waiting.push({ event, overtaken: 0 });
        else deps.onGivenUp(event);
        return;
      }
      overtake(failed);
    },

    /** Writes what waits, if it can be now. Never throws. */
    catchUp(): void {
      writeWaiting();
    },
  };

  /** Returns those that failed; they still wait. */
  function writeWaiting(): Waiting<Event>[] {
    const failed: Waiting<Event>[] = [];
    const rest = waiting;
    for (let entry = rest.shift(); entry; entry = failed.length < mostFailures ? rest.shift() : undefined) {
      try {
        deps.write(entry.event);
      } catch (error) {
        failed.push(entry);
        // Nothing behind it would fare better.
        if (error instanceof UnavailableError) break;
      }
    }
    waiting = [...failed, ...rest];
    return failed;
  }

  function overtake(failed: Waiting<Event>[]): void {
    for (const entry of failed) {
      entry.overtaken += 1;
      if (entry.overtaken < mostOvertakings) continue;
      waiting = waiting.filter((other) => other !== entry);
      deps.onGivenUp(entry.event);
    }
  }
}

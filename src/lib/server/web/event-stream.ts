import { channelVersion } from '../../contracts/socket-events.ts';
import { UnauthenticatedError } from '../errors/app-error.ts';
import { problemOf } from '../errors/problem-of.ts';
import { readerLimits, untilDrained } from '../services/reader-drain.ts';
import type { Actor, ConversationReader, Services } from '../services/services.ts';

/** Who called, for as long as they may. */
export interface Caller {
  actor: Actor;
  address: string;
  /** When it will be over, milliseconds since 1970; null once it is, and Infinity where nobody needs a warning. */
  endsAt(): Promise<number | null>;
  /** Told where the end is known at once. Returns the call that unsubscribes. */
  onEnded(listener: () => void): () => void;
}

interface EventStreamDeps {
  services: Pick<Services, 'conversations' | 'callers' | 'system'>;
  caller: Caller;
}

const keepAliveEveryMs = 15_000;
const lookEveryMs = 2_000;
const warnBeforeMs = 2 * 60_000;
/** Less than a socket may hold back: these bytes are ours, and the connection's own buffers come on top. */
const limits = { ...readerLimits, highWaterBytes: 256 * 1024 };

/**
 * One conversation's journal as server-sent events: each run event under its type, with its seq as the event's id, and
 * beside them what the channel would tell a tab. It ends with the caller's session or key.
 * @throws NotFoundError for what is not the caller's, BusyError when too many streams are open.
 */
export async function openEventStream(
  { services: { conversations, callers, system }, caller }: EventStreamDeps,
  { conversationId, afterSeq }: { conversationId: string; afterSeq: number },
): Promise<Response> {
  const { actor, address } = caller;
  const encoder = new TextEncoder();
  const closers: (() => void)[] = [];
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let warnedOf: number | null = null;

  const body = new ReadableStream<Uint8Array>(
    { start: (given) => void (controller = given), cancel: letGo },
    new ByteLengthQueuingStrategy({ highWaterMark: limits.highWaterBytes }),
  );
  try {
    closers.push(callers.openStream({ userId: actor.userId, address }, close));
    const feed = await conversations.follow(actor, conversationId, afterSeq, reader());
    closers.push(feed.stop);
    write('retry: 1000\n\n');
    tell('server:hello', { build: system.channel().build, channelVersion });
    tell('conversation:joined', { lastSeq: feed.lastSeq });
    closers.push(
      conversations.watchList(actor, (conversation) => tell('conversations:changed', { conversation })),
      caller.onEnded(endWithSession),
      every(keepAliveEveryMs, () => write(': still here\n\n')),
      every(lookEveryMs, () => void look().catch(close)),
    );
    feed.start();
  } catch (error) {
    letGo();
    throw error;
  }
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // nginx would collect the events otherwise.
      'x-accel-buffering': 'no',
    },
  });

  function reader(): ConversationReader {
    return {
      take(events) {
        write(events.map((event) => messageOf(event.type, event, event.seq)).join(''));
        return waitingBytes() < limits.highWaterBytes;
      },
      ready: () => untilDrained(waitingBytes, limits),
      cut: close,
    };
  }

  async function look(): Promise<void> {
    const endsAt = await caller.endsAt();
    if (endsAt === null) return endWithSession();
    if (endsAt - Date.now() > warnBeforeMs || warnedOf === endsAt) return;
    warnedOf = endsAt;
    tell('session:ending', { expiresAt: endsAt });
  }

  function endWithSession(): void {
    tell('session:ended', { problem: problemOf(callOver()) });
    close();
  }

  function tell(event: string, data: object): void {
    write(messageOf(event, data));
  }

  function write(text: string): void {
    controller?.enqueue(encoder.encode(text));
  }

  function waitingBytes(): number {
    return limits.highWaterBytes - (controller?.desiredSize ?? limits.highWaterBytes);
  }

  function close(): void {
    const closing = controller;
    letGo();
    closing?.close();
  }

  /** What is told later is told to nobody. */
  function letGo(): void {
    controller = null;
    for (const closer of closers.splice(0)) closer();
  }
}

function messageOf(event: string, data: object, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  timer.unref();
  return () => clearInterval(timer);
}

function callOver(): UnauthenticatedError {
  return new UnauthenticatedError('session_over', 'Your session or key is over.', {
    hint: 'Sign in again, or make a new key, to go on.',
  });
}

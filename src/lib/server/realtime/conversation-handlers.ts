import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import {
  clientEvents,
  type Ack,
  type ClientEventName,
  type ParsedPayload,
} from '../../contracts/socket-events.ts';
import { BusyError, InvalidError } from '../errors/app-error.ts';
import { toAck } from '../errors/to-ack.ts';
import { correlated } from '../observability/correlation.ts';
import { markFailed, withSpan } from '../observability/tracing.ts';
import type { ReaderLimits } from '../services/reader-drain.ts';
import type { Actor, FollowedConversation } from '../services/services.ts';
import { sessionOver } from './authenticate.ts';
import type { ChannelServices, ChannelSocket } from './channel-server.ts';
import { createSocketReader } from './socket-reader.ts';
import { createTokenBucket } from '../security/token-bucket.ts';

export interface HandlerDeps {
  services: ChannelServices;
  clock: { now(): number };
  log: Logger;
  rate: { perSecond: number; burst: number };
  reader: ReaderLimits;
}

/** Conversations that one tab may follow at a time. */
const followedMax = 8;
/** Refusals of too many events in a row after which the socket is cut: it does not listen. */
const patience = 200;

/**
 * Answers every event of one socket: known, unknown, malformed or too many. Each is checked against the live session
 * first, so a session that ended a moment ago changes nothing any more.
 */
export function handleEvents(
  socket: ChannelSocket,
  { services, clock, log, rate, reader }: HandlerDeps,
): void {
  const bucket = createTokenBucket({ ...rate, clock });
  const followed = new Map<string, FollowedConversation>();
  let refused = 0;

  socket.onAny((name: string, ...args: unknown[]) => void answer(name, args));
  socket.once('disconnect', () => {
    for (const { stop } of followed.values()) stop();
    followed.clear();
  });

  async function answer(name: string, args: unknown[]): Promise<void> {
    const last = args.at(-1);
    const reply = typeof last === 'function' ? (last as (ack: Ack<unknown>) => void) : null;
    const requestId = randomUUID();
    const startedAt = performance.now();
    // The ack and the line of the log too, so that both belong to the request and its trace.
    await correlated({ requestId, userId: socket.data.actor.userId }, () =>
      withSpan(spanName(name), { 'backlogue.request_id': requestId }, async (span) => {
        let outcome = 'ok';
        try {
          requireCalm();
          const actor = { ...(await liveActor()), requestId };
          const { result, afterAck } = await perform(name, args[0], actor);
          reply?.({ ok: true, result, requestId });
          afterAck?.();
        } catch (error) {
          markFailed(span, error);
          const refusal = toAck(error, { requestId, log });
          outcome = refusal.problem.code;
          reply?.(refusal);
        }
        logEvent(name, outcome, performance.now() - startedAt);
      }),
    );
  }

  function logEvent(name: string, outcome: string, durationMs: number): void {
    log.info(
      { route: spanName(name), duration_ms: Math.round(durationMs * 10) / 10, outcome },
      'Socket event',
    );
  }

  async function perform(name: string, payload: unknown, actor: Actor): Promise<Performed> {
    if (!isClientEvent(name)) {
      throw new InvalidError(
        'unknown_event',
        'This page asked for something that this version does not know.',
        {
          hint: 'Reload the page.',
        },
      );
    }
    if (name === 'conversation:join') return join(actor, clientEvents[name].payload.parse(payload));
    if (name === 'conversation:leave') return leave(clientEvents[name].payload.parse(payload));
    // The contract of each command pairs its payload with the handler of the same name.
    const command = services.commands[name] as (actor: Actor, payload: unknown) => Promise<unknown>;
    return { result: await command(actor, clientEvents[name].payload.parse(payload)) };
  }

  async function join(
    actor: Actor,
    { conversationId, afterSeq }: ParsedPayload<'conversation:join'>,
  ): Promise<Performed> {
    leave({ conversationId });
    if (followed.size >= followedMax) {
      throw new BusyError('too_many_followed', 'This page follows too many conversations.', {
        hint: 'Reload the page.',
      });
    }
    const feed = await services.conversations.follow(
      actor,
      conversationId,
      afterSeq,
      createSocketReader(socket, conversationId, reader),
    );
    // Meanwhile the tab may have left, or joined again from elsewhere: the newest join counts.
    leave({ conversationId });
    if (!socket.connected) {
      feed.stop();
      return { result: { lastSeq: feed.lastSeq } };
    }
    followed.set(conversationId, feed);
    return { result: { lastSeq: feed.lastSeq }, afterAck: feed.start };
  }

  function leave({ conversationId }: { conversationId: string }): Performed {
    followed.get(conversationId)?.stop();
    followed.delete(conversationId);
    return { result: {} };
  }

  function requireCalm(): void {
    if (bucket.take()) {
      refused = 0;
      return;
    }
    if (++refused > patience) socket.conn.close(true);
    throw new BusyError('too_many_events', 'This page asks too much too fast.', { retryAfterMs: 1_000 });
  }

  async function liveActor(): Promise<Actor> {
    const { sessionId, actor } = socket.data;
    const live = await services.session.current(sessionId);
    if (!live) throw sessionOver();
    return { ...actor, role: live.user.role };
  }
}

interface Performed {
  result: unknown;
  /** What must come after the ack. */
  afterAck?: () => void;
}

/** Only names that we know: a name that a client made up would be a span of its own each time. */
function spanName(event: string): string {
  return isClientEvent(event) ? `socket ${event}` : 'socket unknown';
}

function isClientEvent(name: string): name is ClientEventName {
  return Object.hasOwn(clientEvents, name);
}

import type { Caller } from '$lib/server/web/event-stream';
import { presentsKey } from '$lib/server/web/cross-origin';
import { signedIn } from './signed-in';

/**
 * For the endpoints that scripts may use: a personal key where one is presented, else the session. Every call counts
 * against its person's rate.
 */
export async function callerOf(locals: App.Locals, request: Request): Promise<Caller> {
  const caller = presentsKey(request)
    ? await keyHolder(locals, request.headers.get('authorization') ?? '')
    : sessionHolder(locals);
  locals.services.callers.admit(caller.actor);
  return caller;
}

async function keyHolder(locals: App.Locals, authorization: string): Promise<Caller> {
  const { services, address, requestId } = locals;
  const { keyId, actor } = await services.apiKeys.authenticate(authorization, { address, requestId });
  locals.keyHolder = actor;
  return {
    actor,
    address,
    endsAt: async () => ((await services.apiKeys.isLive(keyId)) ? Infinity : null),
    onEnded: () => () => undefined,
  };
}

function sessionHolder(locals: App.Locals): Caller {
  const { actor, session } = signedIn(locals);
  const { session: sessions } = locals.services;
  return {
    actor,
    address: locals.address,
    endsAt: async () => (await sessions.current(session.sessionId))?.expiresAt ?? null,
    onEnded: (listener) =>
      sessions.onEnded(({ sessionId }) => {
        if (sessionId === session.sessionId) listener();
      }),
  };
}

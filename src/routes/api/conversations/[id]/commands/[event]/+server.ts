import { json } from '@sveltejs/kit';
import { ZodError, type z } from 'zod';
import { clientEvents, type ClientEventName } from '$lib/contracts/socket-events';
import { InvalidError, NotFoundError } from '$lib/server/errors/app-error';
import { problemOf } from '$lib/server/errors/problem-of';
import { toError } from '$lib/server/errors/to-http';
import type { Actor, ConversationCommands } from '$lib/server/services/services';
import { callerOf } from '../../../../../caller';
import { readJsonBody } from '../../../../../json-reply';
import type { RequestHandler } from './$types';

type CommandName = Exclude<ClientEventName, 'conversation:join' | 'conversation:leave'>;

/** As much as one event of the channel may have. */
const payloadMaxBytes = 64 * 1024;

/**
 * One command of the channel by POST, such as `message:send`: the same contract, the same handler, the same ack. The
 * address names the conversation, so the body need not.
 */
export const POST: RequestHandler = async ({ locals, params, request }) => {
  const { requestId, services } = locals;
  try {
    const { actor } = await callerOf(locals, request);
    const name = commandNamed(params.event);
    const payload = await readPayload(request, clientEvents[name].payload, params.id);
    const result = await handlerOf(services.commands, name)(actor, payload);
    return json({ ok: true, result }, { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    const { status, problem } =
      error instanceof ZodError
        ? { status: 400, problem: problemOf(error, requestId) }
        : toError(error, requestId);
    return json({ ok: false, problem }, { status, headers: { 'cache-control': 'no-store' } });
  }
};

function commandNamed(name: string): CommandName {
  const isCommand = Object.hasOwn(clientEvents, name) && !/^conversation:(?:join|leave)$/.test(name);
  if (isCommand) return name as CommandName;
  throw new NotFoundError('unknown_event', 'There is no such command.', {
    hint: 'The commands are listed in docs/events.md.',
  });
}

async function readPayload(request: Request, schema: z.ZodType, conversationId: string): Promise<unknown> {
  const body = await readJsonBody(request, payloadMaxBytes);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidError('body_invalid', 'The body must be a JSON object.');
  if ('conversationId' in body && body.conversationId !== conversationId)
    throw new InvalidError('conversation_mismatch', 'Address and body name two conversations.');
  return schema.parse({ ...body, conversationId });
}

/** The contract of each command pairs its payload with the handler of the same name. */
function handlerOf(commands: ConversationCommands, name: CommandName) {
  return commands[name] as (actor: Actor, payload: unknown) => Promise<unknown>;
}

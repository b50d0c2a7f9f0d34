import { json } from '@sveltejs/kit';
import type { z } from 'zod';
import { InvalidError } from '$lib/server/errors/app-error';
import { toError } from '$lib/server/errors/to-http';

/** Answers are a person's own: no cache on the way may keep them. */
const PRIVATE = { 'cache-control': 'no-store' };

/** Answers with what `work` comes to, or with the problem and its status. */
export function reply(requestId: string, work: () => Promise<unknown>): Promise<Response> {
  return answer(requestId, async () => json(await work(), { headers: PRIVATE }));
}

/** As `reply`, where the work makes the whole answer. */
export async function answer(requestId: string, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    const { status, problem } = toError(error, requestId);
    return json({ problem }, { status, headers: PRIVATE });
  }
}

/** The JSON body of a request, parsed with its contract. */
export async function readJson<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  const parsed = schema.safeParse(await readJsonBody(request));
  if (parsed.success) return parsed.data;
  throw new InvalidError('body_invalid', 'The request could not be read.', { cause: parsed.error });
}

/**
 * The JSON body of a request; undefined where it is no JSON. A body of another content type is refused: browsers send
 * JSON to another origin only after asking it, so this keeps other sites out.
 */
export async function readJsonBody(request: Request, maxBytes = Infinity): Promise<unknown> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) return undefined;
  const text = await request.text().catch(() => '');
  if (Buffer.byteLength(text) > maxBytes)
    throw new InvalidError('payload_too_large', 'This is too much for one step. Nothing was changed.', {
      hint: `At most ${Math.floor(maxBytes / 1024)} KiB; longer text goes in as a source.`,
    });
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

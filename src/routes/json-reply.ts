import { json } from '@sveltejs/kit';
import type { z } from 'zod';
import { InvalidError } from '$lib/server/errors/app-error';
import { toError } from '$lib/server/errors/to-http';

/** Answers are a person's own: no cache on the way may keep them. */
const PRIVATE = { 'cache-control': 'no-store' };

/** Answers with what `work` comes to, or with the problem and its status. */
export async function reply(requestId: string, work: () => Promise<unknown>): Promise<Response> {
  try {
    return json(await work(), { headers: PRIVATE });
  } catch (error) {
    const { status, problem } = toError(error, requestId);
    return json({ problem }, { status, headers: PRIVATE });
  }
}

/**
 * The JSON body of a request, parsed. A body of another content type is refused: browsers send JSON to another
 * origin only after asking it, so this keeps other sites out.
 */
export async function readJson<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  const isJson = request.headers.get('content-type')?.startsWith('application/json') ?? false;
  const body: unknown = isJson ? await request.json().catch(() => undefined) : undefined;
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InvalidError('body_invalid', 'The request could not be read.', { cause: parsed.error });
}

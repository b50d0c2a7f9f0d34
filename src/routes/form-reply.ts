import { error, fail, type ActionFailure } from '@sveltejs/kit';
import type { z } from 'zod';
import type { Problem } from '$lib/contracts/problem';
import { InvalidError } from '$lib/server/errors/app-error';
import { toFail } from '$lib/server/errors/to-http';

/** What a page gets back from a form that was refused: what to say, and what had been typed. */
export interface Refusal {
  problem: Problem;
  values: Record<string, string>;
}

/** Fields that never travel back to the browser, whatever form they stand in. */
const SECRET_FIELDS = new Set([
  'password',
  'passwordAgain',
  'currentPassword',
  'erasePassword',
  'jiraToken',
  'secret',
  'caPem',
]);

/**
 * The fields of a request that a form sent. A body that cannot be read as one (cut off, without its boundary) is
 * answered with 400: there are no fields yet beside which a sentence could stand.
 */
export async function readForm(
  request: Request,
  { requestId }: Pick<App.Locals, 'requestId'>,
): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    // What is no TypeError is the server's own word on the body, such as that it is too large.
    if (!(cause instanceof TypeError)) throw cause;
    error(400, {
      message: 'The form could not be read: it did not arrive whole. Nothing was changed.',
      code: 'form_unreadable',
      hint: 'Go back and send it again.',
      requestId,
    });
  }
}

/** Parses a form with its contract. Throws `form_invalid` with a sentence for each field that needs one. */
export function parseForm<S extends z.ZodType>(schema: S, fields: unknown): z.output<S> {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new InvalidError('form_invalid', 'Some fields need another look. Nothing was saved.', {
    fields: firstSentencePerField(parsed.error),
    cause: parsed.error,
  });
}

/** The text fields of a form by name; files are left out. */
export function textFields(form: FormData): Record<string, string> {
  const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts);
}

/** Answers a form action that could not be carried out. What is no AppError is thrown on, to `handleError`. */
export function refuse(
  caught: unknown,
  form: FormData,
  { requestId }: Pick<App.Locals, 'requestId'>,
): ActionFailure<Refusal> {
  const failure = toFail(caught, requestId);
  const values = Object.entries(textFields(form)).filter(([name]) => !SECRET_FIELDS.has(name));
  return fail(failure.status, { problem: failure.data.problem, values: Object.fromEntries(values) });
}

function firstSentencePerField({ issues }: z.ZodError): Record<string, string> {
  const sentences: Record<string, string> = {};
  for (const issue of issues) {
    const field = issue.path.join('.') || 'form';
    sentences[field] ??= issue.message;
  }
  return sentences;
}

import { fail, type ActionFailure } from '@sveltejs/kit';
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
export function refuse(error: unknown, form: FormData, requestId: string): ActionFailure<Refusal> {
  const failure = toFail(error, requestId);
  const values = Object.entries(textFields(form)).filter(([name]) => !SECRET_FIELDS.has(name));
  return fail(failure.status, { problem: failure.data.problem, values: Object.fromEntries(values) });
}

function firstSentencePerField(error: z.ZodError): Record<string, string> {
  const sentences: Record<string, string> = {};
  for (const issue of error.issues) {
    const field = issue.path.join('.') || 'form';
    sentences[field] ??= issue.message;
  }
  return sentences;
}

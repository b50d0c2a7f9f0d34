import { z } from 'zod';

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];
const LONGEST_NAME_TOLD = 60;

/** Where an entry stands in a file, as one reads it: `The second format, “Wards”`. */
export function placeInFile(kind: string, index: number, name: string | null): string {
  const place = ORDINALS[index] ? `The ${ORDINALS[index]} ${kind}` : `Number ${index + 1} of the ${kind}s`;
  return name === null ? place : `${place}, “${name}”`;
}

/** The name that an entry says of itself, before it is known to be one. */
export function nameIn(entry: unknown): string | null {
  const named = z.object({ name: z.string().trim().min(1) }).safeParse(entry);
  return named.success ? named.data.name.slice(0, LONGEST_NAME_TOLD) : null;
}

/** The first thing that is wrong, with the field that it is about. */
export function firstSentence(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return 'It cannot be read.';
  const field = issue.path.map(String).join('.');
  return field === '' ? issue.message : `${field}: ${issue.message}`;
}

import { jsonrepair } from 'jsonrepair';
import { parse as parsePartial } from 'partial-json';
import type { z } from 'zod';

export type ReadAnswer<T> =
  /** `unclosed`: how many brackets were still open where the text that was read broke off; 0 for a whole answer. */
  { ok: true; value: T; unclosed: number } | { ok: false; reason: string };

/**
 * Reads a model's answer as what was asked for. Forgives a code fence, prose around the JSON, trailing commas,
 * comments, quotes of the wrong kind, a broken-off end and extra keys. `reason` is a sentence for the model, to ask again.
 */
export function readAnswer<T>(text: string, schema: z.ZodType<T>): ReadAnswer<T> {
  let reason = 'The answer holds no JSON object.';
  for (const candidate of candidates(text)) {
    for (const parse of parsers) {
      const value = attempt(() => parse(candidate));
      if (value === null || typeof value !== 'object') continue;
      const parsed = schema.safeParse(value);
      if (parsed.success) return { ok: true, value: parsed.data, unclosed: unclosedBrackets(candidate) };
      reason = parsed.error.issues
        .map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`)
        .slice(0, 5)
        .join('; ');
    }
  }
  return { ok: false, reason };
}

const parsers: ((text: string) => unknown)[] = [
  (text) => JSON.parse(text) as unknown,
  (text) => JSON.parse(jsonrepair(text)) as unknown,
  (text) => parsePartial(text) as unknown,
];

/** The likeliest place first: inside a fence, else from the first brace to the last, else to the end (cut off). */
function* candidates(text: string): Generator<string> {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)(?:\n```|$)/.exec(text)?.[1];
  if (fenced) yield fenced.trim();
  const start = text.indexOf('{');
  if (start < 0) return;
  const end = text.lastIndexOf('}');
  if (end > start) yield text.slice(start, end + 1);
  yield text.slice(start);
}

/** Brackets inside of texts do not count. */
function unclosedBrackets(json: string): number {
  const outside = json.replace(/"(?:[^"\\]|\\.)*"?/gs, '');
  const count = (brackets: RegExp) => outside.match(brackets)?.length ?? 0;
  return Math.max(0, count(/[[{]/g) - count(/[\]}]/g));
}

function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return null;
  }
}

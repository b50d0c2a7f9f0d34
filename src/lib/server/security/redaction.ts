import { createKnownSecrets } from './known-secrets.ts';
import { isSecretKey, mayHoldSecretForm, replaceSecretForms } from './secret-forms.ts';

/** Takes secrets out of whatever is about to be written or shown. */
export interface Redactor {
  /** Makes a value of four characters or more unmentionable from now on. */
  register(secret: string): void;
  /** The text without registered secrets and without anything that has the form of one. */
  redact(text: string): string;
  /** A copy of plain data: texts redacted, and everything under a key such as `password` or `cookie` gone. */
  redactValue(value: unknown): unknown;
  /**
   * Whether `redactValue` might change anything in the value that this JSON was written from. False is certain, and far
   * cheaper to find out than to walk through the value.
   */
  mayConcern(json: string): boolean;
}

export const REDACTED = '[redacted]';

/** Beyond this many, the oldest are left to their forms. */
const MOST_SECRETS = 2_000;
const DEEPEST_VALUE = 12;

export function createRedactor(): Redactor {
  const known = createKnownSecrets(MOST_SECRETS);

  function redact(text: string): string {
    let clean = text;
    if (known.standIn(text)) {
      for (const spelling of known.spellings()) clean = clean.replaceAll(spelling, REDACTED);
    }
    return replaceSecretForms(clean, REDACTED);
  }

  function redactValue(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= DEEPEST_VALUE) return '[too deep]';
    if (Array.isArray(value)) return value.map((child) => redactValue(child, depth + 1));
    const clean = Object.entries(value).map(([key, child]) => [
      redact(key),
      isSecretKey(key) && child !== null && typeof child !== 'boolean'
        ? REDACTED
        : redactValue(child, depth + 1),
    ]);
    return Object.fromEntries(clean);
  }

  return {
    register: known.add,
    redact,
    redactValue: (value) => redactValue(value),
    mayConcern: (json) => mayHoldSecretForm(json) || known.standIn(json),
  };
}

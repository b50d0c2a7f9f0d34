import { isSecretKey, replaceSecretForms } from './secret-forms.ts';

/** Takes secrets out of whatever is about to be written or shown. */
export interface Redactor {
  /** Makes a value unmentionable from now on. Values under four characters are too common to look for. */
  register(secret: string): void;
  /** The text without registered secrets and without anything that has the form of one. */
  redact(text: string): string;
  /** A copy of plain data: texts redacted, and everything under a key such as `password` or `cookie` gone. */
  redactValue(value: unknown): unknown;
}

export const REDACTED = '[redacted]';

const SHORTEST_SECRET = 4;
/** Each registered value costs a search in every line; beyond this many the oldest are left to their forms. */
const MOST_SECRETS = 2_000;
const DEEPEST_VALUE = 12;

export function createRedactor(): Redactor {
  /** Secret to the spellings in which it may turn up; a Map keeps the order of registration. */
  const registered = new Map<string, string[]>();

  function register(secret: string): void {
    const value = secret.trim();
    if (value.length < SHORTEST_SECRET) return;
    registered.delete(value);
    registered.set(value, spellings(value));
    if (registered.size > MOST_SECRETS) registered.delete(registered.keys().next().value ?? '');
  }

  function redact(text: string): string {
    let clean = text;
    for (const forms of registered.values()) {
      for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
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

  return { register, redact, redactValue: (value) => redactValue(value) };
}

/** The value itself, and as it stands inside JSON, URLs and Basic credentials. */
function spellings(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, inJson, encodeURIComponent(value), Buffer.from(value).toString('base64')])];
}

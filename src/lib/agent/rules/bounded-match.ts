import { createContext, Script } from 'node:vm';

/** Far more than any sensible pattern needs over 30,000 characters; what needs more repeats itself without end. */
const longestMatchMs = 40;

const world = createContext(Object.create(null));
const script = new Script('new RegExp(pattern, "iu").test(text)');

/**
 * Whether `text` holds `pattern`; null where finding out takes too long. A regular expression may need exponential
 * time, and V8 stops one only from within a context that has a deadline.
 */
export function boundedMatch(pattern: string, text: string): boolean | null {
  Object.assign(world, { pattern, text });
  try {
    return script.runInContext(world, { timeout: longestMatchMs }) === true;
  } catch (error) {
    // Not `instanceof Error`: it comes from the context, which has an Error of its own.
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}

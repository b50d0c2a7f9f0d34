import { createContext, Script } from 'node:vm';

/** Far more than any sensible pattern needs over 30,000 characters; what needs more repeats itself without end. */
const longestMatchMs = 60;

const world = createContext(Object.create(null));
const script = new Script('new RegExp(pattern, "iu").test(text)');
// The first match ever loads what later ones find, and that time is not the pattern's.
Object.assign(world, { pattern: 'a', text: 'a' });
script.runInContext(world);

/**
 * Whether `text` holds `pattern`; null where finding out takes too long. A regular expression may need exponential
 * time, and V8 stops one only from within a context that has a deadline. The deadline is one of the clock on the
 * wall, so a second try tells a pattern without end from a machine that had something else to do.
 */
export function boundedMatch(pattern: string, text: string): boolean | null {
  return matchOnce(pattern, text) ?? matchOnce(pattern, text);
}

function matchOnce(pattern: string, text: string): boolean | null {
  Object.assign(world, { pattern, text });
  try {
    return script.runInContext(world, { timeout: longestMatchMs }) === true;
  } catch (error) {
    // Not `instanceof Error`: it comes from the context, which has an Error of its own.
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  }
}

import { AsyncLocalStorage } from 'node:async_hooks';

/** The request that something is done for, and the person. Null where there is none. */
export interface Correlation {
  readonly requestId: string | null;
  readonly userId: string | null;
}

const current = new AsyncLocalStorage<Correlation>();
const nobodys: Correlation = { requestId: null, userId: null };

/**
 * Does work in the name of a request and a person, with everything that it starts: each line of the log and each call out
 * carries both, unless it names its own. The innermost counts.
 */
export function correlated<T>(correlation: Correlation, work: () => T): T {
  return current.run(correlation, work);
}

/** In whose name the code that asks is running. */
export function correlation(): Correlation {
  return current.getStore() ?? nobodys;
}

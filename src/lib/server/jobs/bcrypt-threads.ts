import { z } from 'zod';
import type { Logger } from '../observability/logger.ts';
import type { Bcrypt } from '../security/password-hash.ts';
import type { BcryptInput } from '../workers/bcrypt.ts';
import { createWorkerPool } from './worker-pool.ts';

/** bcrypt on threads of its own, which come after those that stream. They start with the first password and end when idle. */
export function createBcryptThreads(deps: {
  log: Logger;
  mostThreads: number;
}): Bcrypt & { close(): Promise<void> } {
  const threads = createWorkerPool(deps);
  const never = new AbortController().signal;
  const run = (input: BcryptInput) => threads.run('bcrypt', input, never);

  return {
    hash: async (text, cost) => z.string().parse(await run({ task: 'hash', text, cost })),
    verify: async (text, hash) => z.boolean().parse(await run({ task: 'verify', text, hash })),
    close: threads.close,
  };
}

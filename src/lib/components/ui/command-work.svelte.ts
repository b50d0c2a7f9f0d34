import type { Problem } from '$lib/contracts/problem';
import type { Ack } from '$lib/contracts/socket-events';

/**
 * What a button that gives a command needs beside its markup: the command is not given twice at a time, and a refusal
 * stays to be read until the next try.
 */
export function createCommandWork() {
  let busy = $state(false);
  let problem = $state.raw<Problem | null>(null);

  return {
    /** True once it was taken; false where it was refused, or where one is on its way already. */
    async give(command: () => Promise<Ack<unknown>>): Promise<boolean> {
      if (busy) return false;
      busy = true;
      problem = null;
      const ack = await command();
      busy = false;
      if (!ack.ok) problem = ack.problem;
      return ack.ok;
    },
    /** What was refused need not be read any more. */
    forget() {
      problem = null;
    },
    get busy() {
      return busy;
    },
    get problem() {
      return problem;
    },
  };
}

import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

const priorities = {
  /** A tenth of a core is left to it where nothing else is free: for what a person waits for. */
  'below normal': constants.priority.PRIORITY_BELOW_NORMAL,
  /** For what nobody waits for. */
  low: constants.priority.PRIORITY_LOW,
} as const;

/**
 * Lets whoever streams come before this thread. Only Linux knows a thread's own priority; elsewhere it would be that of
 * the whole process, so nothing changes.
 */
export function comeAfterStreams(priority: keyof typeof priorities): void {
  if (!isMainThread && process.platform === 'linux') setPriority(priorities[priority]);
}

import { format } from 'node:util';
import type { Logger } from '../observability/logger.ts';

const levels = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;

/**
 * Sends what packages print to the console through the log, as lines like all others and redacted like them: whoever reads
 * standard output finds nothing else there. Returns the call that undoes it.
 */
export function sendConsoleToLog(log: Logger): () => void {
  const before = { ...console };
  for (const [name, level] of Object.entries(levels) as [
    keyof typeof levels,
    'debug' | 'info' | 'warn' | 'error',
  ][])
    console[name] = (...printed: unknown[]) => log[level]({ printed: true }, format(...printed));
  return () => void Object.assign(console, before);
}

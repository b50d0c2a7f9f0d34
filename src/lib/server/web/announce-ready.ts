import type { StartupSummary } from '../startup-summary.ts';

/** Tells the start script what to print; without one, nobody listens. */
export function announceReady(summary: StartupSummary): void {
  process.send?.({ type: 'ready', summary });
}

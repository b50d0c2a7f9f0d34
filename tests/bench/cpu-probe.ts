import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** What the product's process can be asked by whoever started it. */
export type ProbeOrder =
  | { ask: 'cpu' }
  | { ask: 'profile' }
  | { ask: 'profile_into'; file: string }
  | { ask: 'start_lag' }
  | { ask: 'lag' };

export interface ProbeAnswer {
  /** Processor time that the process has used so far, all threads. */
  cpuMs: number;
  /** Memory that the process holds in RAM. */
  residentBytes: number;
  /** How much later than planned the timers of the main thread came since the start; empty unless asked for. */
  lagMs: number[];
}

const lagEveryMs = 10;
let lags: number[] = [];
let lagTimer: NodeJS.Timeout | undefined;

/** Plans one timer after another: the one that is late is late by what kept the event loop busy. */
function planLagTimer(): void {
  const plannedAt = performance.now() + lagEveryMs;
  lagTimer = setTimeout(() => {
    lags.push(Math.max(0, performance.now() - plannedAt));
    planLagTimer();
  }, lagEveryMs);
}

const inspector = new Session();

/** Loaded into the product's process beside it. Profiles hold its main thread only. */
process.on('message', async (order: ProbeOrder) => {
  if (order.ask === 'profile') {
    inspector.connect();
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.start');
  }
  if (order.ask === 'profile_into') {
    const { profile } = await inspector.post('Profiler.stop');
    writeFileSync(order.file, JSON.stringify(profile));
    inspector.disconnect();
  }
  if (order.ask === 'start_lag' || order.ask === 'lag') clearTimeout(lagTimer);
  if (order.ask === 'start_lag') {
    lags = [];
    planLagTimer();
  }
  const { user, system } = process.cpuUsage();
  const answer: ProbeAnswer = {
    cpuMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage.rss(),
    lagMs: order.ask === 'lag' ? lags : [],
  };
  process.send?.(answer);
});

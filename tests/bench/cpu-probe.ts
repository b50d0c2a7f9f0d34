import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** What the product's process can be asked by whoever started it. */
export type ProbeOrder = { ask: 'cpu' } | { ask: 'profile' } | { ask: 'profile_into'; file: string };

export interface ProbeAnswer {
  /** Processor time that the process has used so far, all threads. */
  cpuMs: number;
  /** Memory that the process holds in RAM. */
  residentBytes: number;
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
  const { user, system } = process.cpuUsage();
  const answer: ProbeAnswer = {
    cpuMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage.rss(),
  };
  process.send?.(answer);
});

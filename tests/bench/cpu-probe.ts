/** Loaded into the product's process beside it: answers each `cpu` with the time that the process has used so far. */
process.on('message', (message) => {
  if (message !== 'cpu') return;
  const { user, system } = process.cpuUsage();
  const used: CpuUsed = { type: 'cpu', ms: (user + system) / 1_000 };
  process.send?.(used);
});

export interface CpuUsed {
  type: 'cpu';
  ms: number;
}

import type { Interactions } from './interactions.ts';
import type { PageLoads } from './page-loads.ts';
import { table } from './report.ts';

export interface BrowserResults {
  startedAt: string;
  machine: { cpu: string; cores: number; browser: string };
  /** One-minute load average, before and after. */
  load: { before: number; after: number };
  loads: PageLoads[];
  interactions: Interactions[];
}

/** What the design asks of the first screen with a processor slowed four times, and of a long conversation without. */
const aims = { paintMs: 1_500, shift: 0.05, nextPaintMs: 200 };

/** The results as Markdown tables, and whether every aim was reached. */
export function renderBrowserReport(results: BrowserResults): { report: string; kept: boolean } {
  const { startedAt, machine, load, loads, interactions } = results;
  const firstScreen = loads.find(({ slowedBy }) => slowedBy > 1);
  const unhindered = interactions.find(({ slowedBy }) => slowedBy === 1);
  const judged = [
    {
      aim: 'Largest paint of the workspace’s first screen, p50, processor slowed 4 times',
      asked: `< ${aims.paintMs} ms`,
      measured: ms(firstScreen?.largestPaint.p50),
      kept: (firstScreen?.largestPaint.p50 ?? Infinity) < aims.paintMs,
    },
    {
      aim: 'Cumulative layout shift, worst of all loads',
      asked: `< ${aims.shift}`,
      measured: Math.max(...loads.map(({ worstShift }) => worstShift)).toFixed(3),
      kept: loads.every(({ worstShift }) => worstShift < aims.shift),
    },
    {
      aim: 'Interaction to next paint with 10,000 events, p75',
      asked: `< ${aims.nextPaintMs} ms`,
      measured: ms(unhindered?.toNextPaint.p75),
      kept: (unhindered?.toNextPaint.p75 ?? Infinity) < aims.nextPaintMs,
    },
  ];
  const report = [
    `Run at ${startedAt} on ${machine.cores} cores (${machine.cpu}), Chromium ${machine.browser}, product and browser on the same machine. Load average over one minute: ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after.`,
    table(
      ['page, empty cache', 'processor', 'loads', 'largest paint, ms (p50 / p95)', 'worst layout shift'],
      loads.map(({ name, slowedBy, largestPaint, worstShift }) => [
        name,
        pace(slowedBy),
        largestPaint.count,
        `${ms(largestPaint.p50)} / ${ms(largestPaint.p95)}`,
        worstShift.toFixed(3),
      ]),
    ),
    table(
      ['10,000 events', 'interactions', 'to next paint, ms (p50 / p75 / p95 / worst)'],
      interactions.map(({ slowedBy, toNextPaint: { p50, p75, p95, worst, count } }) => [
        pace(slowedBy),
        count,
        [p50, p75, p95, worst].map(ms).join(' / '),
      ]),
    ),
    table(
      ['aim', 'asked', 'measured', ''],
      judged.map(({ aim, asked, measured, kept }) => [aim, asked, measured, kept ? 'kept' : '**missed**']),
    ),
  ].join('\n\n');
  return { report, kept: judged.every(({ kept }) => kept) };
}

const ms = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(0));
const pace = (slowedBy: number) => (slowedBy === 1 ? 'as it is' : `slowed ${slowedBy} times`);

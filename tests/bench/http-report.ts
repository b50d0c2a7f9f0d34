import type { LoadFigures } from './read-load.ts';
import { table } from './report.ts';

export interface HttpResults {
  short: boolean;
  /** Each measurement's length. */
  seconds: number;
  loadBefore: number;
  loadAfter: number;
  cpu: string;
  cores: number;
  sizes: {
    database: string;
    figures: LoadFigures[];
    /** Cold start until ready, with empty data. */
    readyAfterMs: number;
    restingBytes: number;
  }[];
  /** `npm start` with nothing changed until ready, ms. */
  start: number | null;
}

/** What the product's owner asks of read-only endpoints. */
const LONGEST_P50_MS = 500;
const FEWEST_REQUESTS_A_SECOND = 50;
/** At 50 a second a tool of this kind sends a little fewer in its first second. */
const NEARLY = 0.9;

/** The tables as Markdown, and whether every floor was kept. Aims that are missed are told and break nothing. */
export function renderHttpReport(results: HttpResults): { report: string; kept: boolean } {
  const rows = results.sizes.flatMap(({ database, figures }) =>
    figures.map((figure) => ({ database, ...figure, ok: keepsFloor(figure) })),
  );
  const restingMb = Math.max(...results.sizes.map(({ restingBytes }) => restingBytes)) / 1_000_000;
  const coldMs = Math.min(...results.sizes.map(({ readyAfterMs }) => readyAfterMs));
  const listRates = rows.filter(({ kind, rate }) => kind === 'list' && rate === null);
  const calm = rows.filter(({ rate }) => rate !== null);
  const slowestList = Math.min(...listRates.map(({ requestsPerSecond }) => requestsPerSecond));
  const slowestCalm = Math.max(...calm.map(({ p50Ms }) => p50Ms));
  const aims = [
    aim('JSON endpoints, requests/s, the slowest', '>= 1,000', slowestList, slowestList >= 1_000),
    aim('p50 at 50 requests/s, the slowest, ms', '< 10', slowestCalm, slowestCalm < 10),
    aim('Cold start to ready, ms', '<= 1,500', coldMs, coldMs <= 1_500),
    aim(
      '`npm start`, nothing changed, to ready, ms',
      '<= 3,000',
      results.start ?? NaN,
      (results.start ?? NaN) <= 3_000,
    ),
    aim('Memory at rest, MB', '<= 200', restingMb, restingMb <= 200),
  ];
  const report = [
    `${results.cores} cores (${results.cpu}), Node ${process.versions.node}, ${results.seconds} s each${results.short ? ', **short run**' : ''}. Load average over one minute: ${results.loadBefore.toFixed(1)} before, ${results.loadAfter.toFixed(1)} after.`,
    table(
      [
        'database',
        'endpoint',
        'path',
        'asked/s',
        'answered/s',
        'p50 ms',
        'p95 ms',
        'p99 ms',
        'owner’s floor',
      ],
      rows.map(({ database, name, path, rate, requestsPerSecond, p50Ms, p95Ms, p99Ms, ok }) => [
        database,
        name,
        `\`${path}\``,
        rate ?? 'all it can',
        Math.round(requestsPerSecond),
        p50Ms,
        p95Ms,
        p99Ms,
        ok ? 'kept' : '**broken**',
      ]),
    ),
    table(['aim', 'asked', 'measured', ''], aims),
  ].join('\n\n');
  return { report, kept: rows.every(({ ok }) => ok) };
}

function keepsFloor({ rate, p50Ms, requestsPerSecond }: LoadFigures): boolean {
  const fewest = FEWEST_REQUESTS_A_SECOND * (rate === null ? 1 : NEARLY);
  return p50Ms < LONGEST_P50_MS && requestsPerSecond >= fewest;
}

function aim(what: string, asked: string, measured: number, reached: boolean): string[] {
  return [what, asked, measured.toFixed(0), reached ? 'reached' : 'missed'];
}

import type { AddedDelay } from './added-delay.ts';
import type { Floor } from './floors.ts';
import type { NodeShare } from './node-shares.ts';
import type { Quantiles } from './quantiles.ts';
import type { EndpointFigures } from './read-endpoints.ts';
import type { Saturation } from './saturation.ts';
import type { WholePath } from './whole-path.ts';

/** Everything that one run of the bench found, as it is stored. Milliseconds, unless a name says otherwise. */
export interface Results {
  startedAt: string;
  /** Fewer and shorter measurements: to try the bench, not to compare. */
  short: boolean;
  machine: { cpu: string; cores: number; node: string; platform: string };
  /** One-minute load average, before and after. The bench itself adds two to three. */
  load: { before: number; after: number };
  /** Socket engine of the product where nothing else is said. */
  engine: string;
  wholePath: WholePath;
  /** From an answer to the first token that it leads to, without the model's own time. */
  resumedMs: Quantiles;
  nodeShares: NodeShare[];
  /** Bytes in the databases. */
  longConversation: { turns: number; bytes: number };
  addedDelays: AddedDelay[];
  saturations: Saturation[];
  /** Why the uWebSockets.js engine was left out; null where it was measured. */
  uwsSkipped: string | null;
  endpoints: EndpointFigures[];
  floors: Floor[];
}

/** The results as Markdown tables, for people. */
export function renderReport(results: Results): string {
  const { machine, load, engine, short, startedAt, wholePath, addedDelays } = results;
  const run = `Run at ${startedAt} on ${machine.cores} cores (${machine.cpu}), ${machine.platform}, Node ${machine.node}, socket engine ${engine} for what names none${short ? ', **short run**' : ''}. Load average over one minute: ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after.`;
  return [
    run,
    'Delay over talking to the model directly, ms (p50 / p95 / p99):',
    table(
      [
        'server',
        'streams',
        'answers',
        'first token, added',
        'of it after the model',
        'later tokens, added',
        'CPU ms per 1,000 tokens',
      ],
      addedDelays.map((row) => [
        row.server,
        row.streams,
        row.starts,
        shown(row.firstToken.added),
        shown(row.firstTokenAge.added),
        shown(row.laterTokenAge.added),
        row.cpuMsPerThousandTokens.toFixed(0),
      ]),
    ),
    'Age of a token when it reaches the client, ms (p50 / p95 / p99):',
    table(
      ['server', 'streams', 'first', 'first, direct', 'later', 'later, direct'],
      addedDelays.map((row) => [
        row.server,
        row.streams,
        shown(row.firstTokenAge.product),
        shown(row.firstTokenAge.direct),
        shown(row.laterTokenAge.product),
        shown(row.laterTokenAge.direct),
      ]),
    ),
    ...results.saturations.map(
      (saturation) =>
        `Saturated, ${saturation.server} (${saturation.conversations} conversations of ${saturation.tokensEach.toLocaleString('en')} tokens at once): **${Math.round(saturation.tokensPerSecond).toLocaleString('en')} tokens/s**, ${saturation.cpuMsPerThousandTokens.toFixed(1)} CPU ms per 1,000 tokens.`,
    ),
    ...(results.uwsSkipped ? [`Engine uWebSockets.js left out: ${results.uwsSkipped}`] : []),
    `Whole path with a model that takes ${wholePath.modelFirstTokenMs} ms for the first token of each of its two calls, ${wholePath.firstTokenMs.count} conversations: first token after ${shown(wholePath.firstTokenMs)} ms.`,
    `From the answer to a question until the draft’s first token, over talking to the model directly, ${results.resumedMs.count} conversations: ${shown(results.resumedMs)} ms.`,
    'Each node’s own share, without its calls to the model, one conversation at a time and with traces exported, ms (p50 / p95 / p99):',
    table(
      ['node', 'own share'],
      results.nodeShares.map(({ node, ownMs }) => [node, shown(ownMs)]),
    ),
    `A conversation of ${results.longConversation.turns} turns takes **${(results.longConversation.bytes / 1024).toFixed(0)} KiB** of the databases.`,
    table(
      ['read-only endpoint', 'path', 'requests/s', 'p50 ms', 'p99 ms'],
      results.endpoints.map(({ name, path, requestsPerSecond, p50Ms, p99Ms }) => [
        name,
        `\`${path}\``,
        Math.round(requestsPerSecond),
        p50Ms,
        p99Ms,
      ]),
    ),
    table(
      ['owner’s floor', 'asked', 'measured', ''],
      results.floors.map(({ what, asked, measured, ok }) => [
        what,
        asked,
        decimals(measured),
        ok ? 'kept' : '**broken**',
      ]),
    ),
  ].join('\n\n');
}

function shown({ p50, p95, p99 }: Quantiles): string {
  return [p50, p95, p99].map(decimals).join(' / ');
}

function decimals(value: number): string {
  return Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0);
}

/** A Markdown table. */
export function table(head: string[], rows: (string | number)[][]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

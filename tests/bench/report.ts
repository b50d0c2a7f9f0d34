import type { AddedDelay } from './added-delay.ts';
import type { Floor } from './floors.ts';
import type { NodeShare } from './node-shares.ts';
import type { Quantiles } from './quantiles.ts';
import type { EndpointFigures } from './read-endpoints.ts';
import type { Saturation } from './saturation.ts';
import type { WholePath } from './whole-path.ts';

/** One part of the bench, as it is stored. */
export interface Part<Found> {
  startedAt: string;
  seconds: number;
  /** Fewer and shorter measurements: to try the bench, not to compare. */
  short: boolean;
  machine: { cpu: string; cores: number; node: string; platform: string };
  /** One-minute load average, before and after. The bench itself adds two to three. */
  load: { before: number; after: number };
  found: Found;
}

/** What streaming costs with one server or several. Milliseconds, unless a name says otherwise. */
export interface Streams {
  addedDelays: AddedDelay[];
  saturations: Saturation[];
}

export interface ProductPart extends Streams {
  /** Socket engine of the product where nothing else is said. */
  engine: string;
  wholePath: WholePath;
  /** From an answer to the first token that it leads to, without the model's own time. */
  resumedMs: Quantiles;
  nodeShares: NodeShare[];
  /** Bytes in the databases. */
  longConversation: { turns: number; bytes: number };
  endpoints: EndpointFigures[];
  floors: Floor[];
}

export interface UwsPart extends Streams {
  /** Why the engine was left out; null where it was measured. */
  skipped: string | null;
}

/** Null: not measured on this machine yet. */
export interface Results {
  product: Part<ProductPart> | null;
  uws: Part<UwsPart> | null;
  peers: Part<Streams> | null;
}

/** The results as Markdown tables, for people. */
export function renderReport({ product, uws, peers }: Results): string {
  const streams = [product, uws, peers].flatMap((part) => (part ? [part.found] : []));
  const addedDelays = streams.flatMap((found) => found.addedDelays);
  return [
    ...runLines({ product, uws, peers }),
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
    table(
      ['saturated', 'conversations at once', 'tokens each', 'tokens/s', 'CPU ms per 1,000 tokens'],
      streams
        .flatMap((found) => found.saturations)
        .map(({ server, conversations, tokensEach, tokensPerSecond, cpuMsPerThousandTokens }) => [
          server,
          conversations,
          tokensEach.toLocaleString('en'),
          Math.round(tokensPerSecond).toLocaleString('en'),
          cpuMsPerThousandTokens.toFixed(1),
        ]),
    ),
    ...(uws?.found.skipped ? [`Engine uWebSockets.js left out: ${uws.found.skipped}`] : []),
    ...(product ? productLines(product.found) : []),
  ].join('\n\n');
}

/** Where and when; parts that were measured together or alone each say it. */
function runLines(parts: Results): string[] {
  const named = Object.entries(parts) as [string, Part<unknown> | null][];
  return named.flatMap(([name, part]) => {
    if (!part) return [];
    const { startedAt, seconds, short, machine, load } = part;
    const { cores, cpu, platform, node } = machine;
    return [
      `Part ${name}${short ? ', **short run**' : ''}: at ${startedAt} in ${seconds} s on ${cores} cores (${cpu}), ${platform}, Node ${node}. Load average over one minute: ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after.`,
    ];
  });
}

function productLines(found: ProductPart): string[] {
  const { wholePath, resumedMs, longConversation } = found;
  return [
    `Whole path with a model that takes ${wholePath.modelFirstTokenMs} ms for the first token of each of its two calls, ${wholePath.firstTokenMs.count} conversations: first token after ${shown(wholePath.firstTokenMs)} ms.`,
    `From the answer to a question until the draft’s first token, over talking to the model directly, ${resumedMs.count} conversations: ${shown(resumedMs)} ms.`,
    'Each node’s own share, without its calls to the model, one conversation at a time and with traces exported, ms (p50 / p95 / p99):',
    table(
      ['node', 'own share'],
      found.nodeShares.map(({ node, ownMs }) => [node, shown(ownMs)]),
    ),
    `A conversation of ${longConversation.turns} turns takes **${(longConversation.bytes / 1024).toFixed(0)} KiB** of the databases.`,
    table(
      ['read-only endpoint', 'path', 'requests/s', 'p50 ms', 'p99 ms'],
      found.endpoints.map(({ name, path, requestsPerSecond, p50Ms, p99Ms }) => [
        name,
        `\`${path}\``,
        Math.round(requestsPerSecond),
        p50Ms,
        p99Ms,
      ]),
    ),
    table(
      ['owner’s floor', 'asked', 'measured', ''],
      found.floors.map(({ what, asked, measured, ok }) => [
        what,
        asked,
        decimals(measured),
        ok ? 'kept' : '**broken**',
      ]),
    ),
  ];
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

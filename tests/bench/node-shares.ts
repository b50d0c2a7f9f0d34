import { createLoopback } from '../support/loopback.ts';
import { startOtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts';
import { startProductProcess } from './product-process.ts';
import { quantiles, type Quantiles } from './quantiles.ts';
import type { RemoteUrls } from './remotes-process.ts';
import { joinEverybody, productServer } from './writing-tabs.ts';

export interface NodeShare {
  node: string;
  /** Milliseconds of one pass, without the calls to the model that it made. */
  ownMs: Quantiles;
}

/** Each node's own share of a run, from the traces that a product of its own exports: one conversation after the other. */
export async function measureNodeShares(
  urls: RemoteUrls,
  { conversations }: { conversations: number },
): Promise<NodeShare[]> {
  const loopback = createLoopback();
  const collector = await startOtlpReceiver(loopback);
  const product = await startProductProcess(urls, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  let stopped = false;
  try {
    const server = productServer(product, await joinEverybody(product));
    // One after the other, and still more than one tab may ask for in a second.
    const open = await server.open({ atOnce: 10, count: conversations });
    for (const answer of open.answers) await answer({ firstTokenMs: 0, tokens: 20, gapMs: 0 });
    open.close();
    // The end sends what is still kept back.
    await product.stop();
    stopped = true;
    return sharesOf(collector.spans());
  } finally {
    if (!stopped) await product.stop();
    await loopback.close();
  }
}

function sharesOf(spans: ReceivedSpan[]): NodeShare[] {
  const calls = Map.groupBy(
    spans.filter(({ kind }) => kind === CLIENT),
    ({ parentSpanId }) => parentSpanId,
  );
  const passes = spans.filter(({ name }) => name.startsWith('node '));
  // The first pass of each compiles; nobody would call that its pace.
  return [...Map.groupBy(passes, ({ name }) => name)].map(([name, all]) => ({
    node: name.replace('node ', ''),
    ownMs: quantiles(all.slice(1).map((pass) => lengthOf(pass) - sumOf(calls.get(pass.spanId) ?? []))),
  }));
}

/** As OTLP numbers the kinds. */
const CLIENT = 3;

function lengthOf({ startedAt, endedAt }: ReceivedSpan): number {
  return endedAt - startedAt;
}

function sumOf(spans: ReceivedSpan[]): number {
  return spans.reduce((sum, span) => sum + lengthOf(span), 0);
}

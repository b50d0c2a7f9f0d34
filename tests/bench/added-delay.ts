import { setTimeout as wait } from 'node:timers/promises';
import type { AnswerScript } from './answer-script.ts';
import { streamDirectly } from './direct-stream.ts';
import { difference, quantiles, type Quantiles } from './quantiles.ts';
import type { StreamTimes } from './stamps.ts';
import type { StreamingServer } from './streaming-server.ts';

/** Answers that begin at even distances, so that `streams` of them run at the same time in the middle of it. */
export interface Load {
  streams: number;
  starts: number;
  tokensEach: number;
}

/** Milliseconds; `added` is the product's less the direct way's. */
export interface Compared {
  product: Quantiles;
  direct: Quantiles;
  added: Quantiles;
}

export interface AddedDelay extends Load {
  server: string;
  /** From sending until the first drafting token was here, without the time that the model itself took for it. */
  firstToken: Compared;
  /** Of it: from the moment the model wrote the token. */
  firstTokenAge: Compared;
  laterTokenAge: Compared;
  /** Of the product's process, for everything that it did meanwhile. */
  cpuMsPerThousandTokens: number;
}

/** 50 tokens a second, as fast as a good model writes. */
const GAP_MS = 20;

/** What talking to the model directly takes, by load: the same for every server, so that each load runs once. */
export type DirectTimes = Map<Load, StreamTimes[]>;

/** Runs the same load twice: against the scripted model itself, unless that is known by now, then through the server. */
export async function measureAddedDelay(
  server: StreamingServer,
  llmUrl: string,
  load: Load,
  known: DirectTimes = new Map(),
): Promise<AddedDelay> {
  const script = scriptOf(load);
  const open = await server.open({ atOnce: load.streams, count: load.starts });
  try {
    const direct =
      known.get(load) ??
      (await runEvery(
        load,
        Array(load.starts).fill(() => streamDirectly(llmUrl, script)),
      ));
    known.set(load, direct);
    const cpuBefore = await server.cpuMs();
    const through = await runEvery(
      load,
      open.answers.map((answer) => () => answer(script)),
    );
    const cpuMs = (await server.cpuMs()) - cpuBefore;
    return {
      ...load,
      server: server.name,
      firstToken: compare(through, direct, ({ beforeModelMs, tokenAgesMs }) => [
        beforeModelMs + (tokenAgesMs[0] ?? NaN),
      ]),
      firstTokenAge: compare(through, direct, ({ tokenAgesMs }) => tokenAgesMs.slice(0, 1)),
      laterTokenAge: compare(through, direct, ({ tokenAgesMs }) => tokenAgesMs.slice(1)),
      cpuMsPerThousandTokens: (cpuMs * 1_000) / (load.starts * load.tokensEach),
    };
  } finally {
    open.close();
  }
}

/** Runs a load that nobody measures. */
export async function runLoad(server: StreamingServer, load: Load): Promise<void> {
  const open = await server.open({ atOnce: load.streams, count: load.starts });
  try {
    const script = scriptOf(load);
    await runEvery(
      load,
      open.answers.map((answer) => () => answer(script)),
    );
  } finally {
    open.close();
  }
}

function scriptOf({ tokensEach }: Load): AnswerScript {
  return { firstTokenMs: 0, tokens: tokensEach, gapMs: GAP_MS };
}

/** Starts them by the clock, whatever became of those before: a slow product is not spared the next one. */
async function runEvery(
  { tokensEach, streams: atOnce }: Load,
  streams: (() => Promise<StreamTimes>)[],
): Promise<StreamTimes[]> {
  const everyMs = (tokensEach * GAP_MS) / atOnce;
  const startAt = performance.now();
  return Promise.all(
    streams.map(async (stream, n) => {
      await wait(Math.max(0, startAt + n * everyMs - performance.now()));
      return stream();
    }),
  );
}

function compare(
  through: StreamTimes[],
  direct: StreamTimes[],
  valuesOf: (times: StreamTimes) => number[],
): Compared {
  const [ours, least] = [quantiles(through.flatMap(valuesOf)), quantiles(direct.flatMap(valuesOf))];
  return { product: ours, direct: least, added: difference(ours, least) };
}

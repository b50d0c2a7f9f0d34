import type { EndpointFigures } from './read-endpoints.ts';
import type { WholePath } from './whole-path.ts';

/** What the product's owner asks for at least. */
const LONGEST_FIRST_TOKEN_MS = 1_000;
const LONGEST_P50_MS = 500;
const FEWEST_REQUESTS_A_SECOND = 50;

export interface Floor {
  what: string;
  /** With its unit. */
  asked: string;
  measured: number;
  ok: boolean;
}

/** Holds what was measured against the owner's floors. Of first tokens even the slow ones count, by their p95. */
export function judge({
  wholePath,
  endpoints,
}: {
  wholePath: WholePath;
  endpoints: EndpointFigures[];
}): Floor[] {
  const { firstTokenMs, modelFirstTokenMs } = wholePath;
  return [
    {
      what: `First token of the whole path, p95, with a model that takes ${modelFirstTokenMs} ms`,
      asked: `< ${LONGEST_FIRST_TOKEN_MS} ms`,
      measured: firstTokenMs.p95,
      ok: firstTokenMs.p95 < LONGEST_FIRST_TOKEN_MS,
    },
    ...endpoints.flatMap(({ name, p50Ms, requestsPerSecond }) => [
      { what: `${name}, p50`, asked: `< ${LONGEST_P50_MS} ms`, measured: p50Ms, ok: p50Ms < LONGEST_P50_MS },
      {
        what: `${name}, requests a second`,
        asked: `>= ${FEWEST_REQUESTS_A_SECOND}`,
        measured: requestsPerSecond,
        ok: requestsPerSecond >= FEWEST_REQUESTS_A_SECOND,
      },
    ]),
  ];
}

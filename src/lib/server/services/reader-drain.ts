export interface ReaderLimits {
  /** Bytes that may wait to leave before the rest is kept back. */
  highWaterBytes: number;
  /** How long a reader may take nothing at all before it is given up; it comes back and asks from where it was. */
  stalledAfterMs: number;
}

export const readerLimits: ReaderLimits = { highWaterBytes: 1024 * 1024, stalledAfterMs: 15_000 };

/** Pause between two looks at a full reader: not everything that is written to tells when it has drained. */
const lookAgainAfterMs = 20;

/** Resolves once fewer bytes wait than the high water; rejects when not one has left for too long. */
export async function untilDrained(
  waitingBytes: () => number,
  { highWaterBytes, stalledAfterMs }: ReaderLimits,
): Promise<void> {
  let least = waitingBytes();
  let progressAt = Date.now();
  while (least >= highWaterBytes) {
    await new Promise((resolve) => setTimeout(resolve, lookAgainAfterMs));
    const waiting = waitingBytes();
    if (waiting < least) progressAt = Date.now();
    else if (Date.now() - progressAt > stalledAfterMs) throw new Error('The reader takes nothing any more.');
    least = Math.min(least, waiting);
  }
}

/**
 * Time stamps that travel inside a model's tokens: `<stamp>~`, and in the first token of an answer
 * `<asked>!<stamp>~`: when the request arrived, less what the model needed for earlier calls of the same run. Microseconds of
 * the machine's monotonic clock, which its processes share.
 */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

export function stampToken(): string {
  return `${nowUs().toString(36)}~`;
}

export function stampFirstToken(askedAtUs: number): string {
  return `${askedAtUs.toString(36)}!${stampToken()}`;
}

export interface StreamTimes {
  /** From the request, or the message, until the model had the drafting call, without the model's time for earlier ones. */
  beforeModelMs: number;
  /** From the request, or the message, until the first token was here. */
  firstTokenMs: number;
  /** How old each token was when it came, the first one included. */
  tokenAgesMs: number[];
  lastTokenAtUs: number;
}

export interface StampReader {
  /** Takes what just came, however it is cut. */
  take(text: string): void;
  /** @throws when no token came at all. */
  times(): StreamTimes;
}

const STAMP = /(?:([0-9a-z]+)!)?([0-9a-z]+)~/g;

/** Reads the first `most` stamps of one answer that was asked for at `sentAtUs`. */
export function createStampReader(sentAtUs: number, most = Infinity): StampReader {
  const tokenAgesMs: number[] = [];
  let unread = '';
  let arrivedAtUs: number | null = null;
  let firstTokenAtUs = 0;
  let lastTokenAtUs = 0;

  return {
    take(text) {
      const now = nowUs();
      unread += text;
      let end = 0;
      for (const { 0: whole, 1: arrived, 2: written = '', index } of unread.matchAll(STAMP)) {
        if (tokenAgesMs.length === most) break;
        if (arrived !== undefined) arrivedAtUs = parseInt(arrived, 36);
        if (tokenAgesMs.length === 0) firstTokenAtUs = now;
        tokenAgesMs.push((now - parseInt(written, 36)) / 1_000);
        lastTokenAtUs = now;
        end = index + whole.length;
      }
      unread = unread.slice(end);
    },
    times() {
      if (arrivedAtUs === null) throw new Error('An answer ended without a single token.');
      return {
        beforeModelMs: (arrivedAtUs - sentAtUs) / 1_000,
        firstTokenMs: (firstTokenAtUs - sentAtUs) / 1_000,
        tokenAgesMs,
        lastTokenAtUs,
      };
    },
  };
}

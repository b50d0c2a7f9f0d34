import { problemOf } from '$lib/server/errors/problem-of';

interface LineReplyOptions {
  requestId: string;
  /** Writes one JSON value a line. What is written after the reader has left goes nowhere. */
  work(write: (line: object) => void): Promise<void>;
  /** The reader left before the end. */
  onLeft?(): void;
}

/** Answers with one JSON value a line while the work goes on; with `{problem}` as the last line where it could not. */
export function lineReply({ requestId, work, onLeft }: LineReplyOptions): Response {
  let isLeft = false;
  const lines = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (line: object) => {
        if (!isLeft) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      await work(write).catch((error: unknown) => write({ problem: problemOf(error, requestId) }));
      if (!isLeft) controller.close();
    },
    cancel() {
      isLeft = true;
      onLeft?.();
    },
  });
  // A proxy that gathers an answer before it passes it on would hide the progress.
  const headers = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store, no-transform' };
  return new Response(lines, { headers: { ...headers, 'x-accel-buffering': 'no' } });
}

const encoder = new TextEncoder();

export interface StreamMessage {
  id: string | null;
  event: string;
  data: unknown;
}

/** Reads server-sent events as a script would, and keeps them. Rejects when the answer is no stream. */
export async function readEventStream(url: string, headers: Record<string, string>) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const messages: StreamMessage[] = [];
  let waiting: (() => void)[] = [];
  let over = false;

  const ended = read(response.body).finally(() => {
    over = true;
    wake();
  });
  return {
    messages,
    close: () => abort.abort(),
    /** Resolves when the server, or `close`, ended the stream. */
    ended,
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) {
        if (over) throw new Error('The stream ended before.');
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const piece of body.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
        const blocks = (text + piece).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) take(block);
        wake();
      }
    } catch {
      // Cut off, here or there: what came is kept.
    }
  }

  function take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
    const event = field('event');
    if (event) messages.push({ id: field('id'), event, data: JSON.parse(field('data') ?? 'null') });
  }

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  }
}

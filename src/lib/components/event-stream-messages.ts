export interface StreamMessage {
  id: string | null;
  event: string;
  /** As it was sent: JSON. */
  data: string;
}

/**
 * Takes the text of an event stream piece by piece and gives the messages that are whole. Knows what our own server
 * sends: one `data` line a message, and comments. (WHATWG HTML, section 9.2 "Server-sent events".)
 */
export function createStreamMessages(): (piece: string) => StreamMessage[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.flatMap(messageIn);
  };
}

function messageIn(block: string): StreamMessage[] {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const [event, data] = [fields.get('event'), fields.get('data')];
  return event === undefined || data === undefined ? [] : [{ id: fields.get('id') ?? null, event, data }];
}

import type { RunContext } from './ports.ts';

/** Speaks to the person in the conversation. `messageId` is the stream's, where the text was streamed before. */
export function say(
  context: Pick<RunContext, 'emit' | 'ids'>,
  text: string,
  messageId = context.ids.next(),
): void {
  if (text.trim() === '') return;
  context.emit({ type: 'message_added', body: { messageId, role: 'assistant', text, number: null } });
}

import type { ConversationReader } from '../services/services.ts';
import type { ChannelSocket } from './channel-server.ts';

export interface ReaderLimits {
  /** Bytes that may wait to leave before the rest is kept back. */
  highWaterBytes: number;
  /** How long a socket may take nothing at all before it is cut; it comes back and asks from where it was. */
  stalledAfterMs: number;
}

export const readerLimits: ReaderLimits = { highWaterBytes: 1024 * 1024, stalledAfterMs: 15_000 };

/** Pause between two looks at a full socket: neither engine tells when it has drained. */
const lookAgainAfterMs = 20;

/** One socket as the reader of one conversation. It never holds more than the high water and one batch. */
export function createSocketReader(
  socket: ChannelSocket,
  conversationId: string,
  { highWaterBytes, stalledAfterMs }: ReaderLimits = readerLimits,
): ConversationReader {
  return {
    take(events) {
      socket.emit('conversation:events', { conversationId, events });
      return waitingBytes(socket) < highWaterBytes;
    },
    async ready() {
      let least = waitingBytes(socket);
      let progressAt = Date.now();
      while (least >= highWaterBytes) {
        await new Promise((resolve) => setTimeout(resolve, lookAgainAfterMs));
        const waiting = waitingBytes(socket);
        if (waiting < least) progressAt = Date.now();
        else if (Date.now() - progressAt > stalledAfterMs)
          throw new Error('The socket takes nothing any more.');
        least = Math.min(least, waiting);
      }
    },
    cut: () => socket.conn.close(true),
  };
}

/** What both engines hide in places of their own. */
interface Backlog {
  writeBuffer?: { data?: unknown }[];
  transport?: { socket?: { bufferedAmount?: number; getBufferedAmount?: () => number } };
}

/** Bytes that were written to the socket and have not left yet. */
export function waitingBytes({ conn, connected }: ChannelSocket): number {
  if (!connected || conn.readyState !== 'open') return 0;
  const { writeBuffer = [], transport } = conn as unknown as Backlog;
  const queued = writeBuffer.reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0);
  const socket = transport?.socket;
  return queued + (socket?.bufferedAmount ?? socket?.getBufferedAmount?.() ?? 0);
}

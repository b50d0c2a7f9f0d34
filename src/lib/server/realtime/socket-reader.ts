import { readerLimits, untilDrained, type ReaderLimits } from '../services/reader-drain.ts';
import type { ConversationReader } from '../services/services.ts';
import type { ChannelSocket } from './channel-server.ts';

/** One socket as the reader of one conversation. It never holds more than the high water and one batch. */
export function createSocketReader(
  socket: ChannelSocket,
  conversationId: string,
  limits: ReaderLimits = readerLimits,
): ConversationReader {
  return {
    take(events) {
      socket.emit('conversation:events', { conversationId, events });
      return waitingBytes(socket) < limits.highWaterBytes;
    },
    ready: () => untilDrained(() => waitingBytes(socket), limits),
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

import type { RunEvent } from '../../contracts/run-event.ts';
import type { ConversationSummary } from '../../contracts/socket-events.ts';

type EventsListener = (events: readonly RunEvent[]) => void;
type SummaryListener = (conversation: ConversationSummary) => void;

/** Hands committed events to whoever follows a conversation, and changed rows to whoever shows a list. */
export interface Publisher {
  /** Events of one conversation, in the order of their seqs. */
  publish(conversationId: string, events: readonly RunEvent[]): void;
  subscribe(conversationId: string, listener: EventsListener): () => void;
  publishSummary(userId: string, conversation: ConversationSummary): void;
  subscribeList(userId: string, listener: SummaryListener): () => void;
}

/** In-process rooms. A listener must not throw; one that does is the caller's bug and is not caught here. */
export function createPublisher(): Publisher {
  const conversations = createRooms<readonly RunEvent[]>();
  const lists = createRooms<ConversationSummary>();
  return {
    publish: conversations.send,
    subscribe: conversations.join,
    publishSummary: lists.send,
    subscribeList: lists.join,
  };
}

function createRooms<T>() {
  const rooms = new Map<string, Set<(message: T) => void>>();
  return {
    send(room: string, message: T): void {
      // A copy: a listener may leave while it is told.
      for (const listener of [...(rooms.get(room) ?? [])]) listener(message);
    },
    join(room: string, listener: (message: T) => void): () => void {
      const listeners = rooms.get(room) ?? new Set();
      rooms.set(room, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && rooms.get(room) === listeners) rooms.delete(room);
      };
    },
  };
}

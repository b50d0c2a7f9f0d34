import type { Problem } from '../contracts/problem.ts';
import type { RunEvent } from '../contracts/run-event.ts';
import { isUndelivered, noAnswer } from './channel-link.ts';

/** A message on its way: kept until the server has it, over reloads of this tab. */
export interface OutgoingMessage {
  conversationId: string;
  messageId: string;
  text: string;
  draftIds: string[];
  /** `refused` waits for the person: try again, or take the text back. */
  state: 'sending' | 'waiting' | 'refused';
  problem: Problem | null;
}

const storageKey = 'backlogue:outbox';

/** Messages that the server does not have yet, of all conversations of this tab. */
export class Outbox {
  messages = $state.raw<OutgoingMessage[]>([]);
  readonly #storage: Storage | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.messages = stored(storage);
  }

  add(message: OutgoingMessage): void {
    this.#set([...this.messages, message]);
  }

  find(messageId: string): OutgoingMessage | undefined {
    return this.messages.find((message) => message.messageId === messageId);
  }

  /** A try begins. Of one that goes out again by itself the words stay, until an answer comes. */
  begin(messageId: string): void {
    this.#change(messageId, ({ state, problem }) => ({
      state: 'sending',
      problem: state === 'waiting' ? problem : null,
    }));
  }

  /** A try failed: what the server may not have goes out again by itself, what it refused waits for the person. */
  fail(messageId: string, why: Problem): void {
    this.#change(messageId, ({ problem: before }) => {
      if (!isUndelivered(why)) return { state: 'refused', problem: why };
      // What may have arrived may still have arrived when the next try finds no connection.
      return { state: 'waiting', problem: before?.code === noAnswer.code ? before : why };
    });
  }

  remove(messageIds: string[]): void {
    if (messageIds.some((messageId) => this.find(messageId))) {
      this.#set(this.messages.filter(({ messageId }) => !messageIds.includes(messageId)));
    }
  }

  /** Removes what the journal shows: an ack may be lost where the event arrives. */
  removeTaken(events: readonly RunEvent[]): void {
    const taken = events.flatMap(({ type, body }) =>
      type === 'message_added' || type === 'message_queued' ? [body.messageId] : [],
    );
    this.remove(taken);
  }

  #change(
    messageId: string,
    to: (message: OutgoingMessage) => Pick<OutgoingMessage, 'state' | 'problem'>,
  ): void {
    this.#set(
      this.messages.map((message) =>
        message.messageId === messageId ? { ...message, ...to(message) } : message,
      ),
    );
  }

  #set(messages: OutgoingMessage[]): void {
    this.messages = messages;
    try {
      if (messages.length === 0) this.#storage?.removeItem(storageKey);
      else this.#storage?.setItem(storageKey, JSON.stringify(messages));
    } catch {
      // Full or forbidden: the message is still in memory and on its way.
    }
  }
}

/** What an earlier page of this tab had not delivered. A storage that is missing or unreadable counts as empty. */
function stored(storage: Storage | null): OutgoingMessage[] {
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(storageKey) ?? '[]');
    if (!Array.isArray(parsed)) return [];
    return parsed.filter(isMessage).map((message) => ({ ...message, state: 'waiting' }));
  } catch {
    return [];
  }
}

function isMessage(value: unknown): value is OutgoingMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { conversationId, messageId, text, draftIds } = value as Partial<OutgoingMessage>;
  return (
    [conversationId, messageId, text].every((part) => typeof part === 'string') && Array.isArray(draftIds)
  );
}

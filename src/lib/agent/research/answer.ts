import type { ReadThing } from './reading-log.ts';

/** An answer to a question, already streamed under `messageId`. */
export interface Answer {
  messageId: string;
  text: string;
  /** It broke off; `text` is what came. */
  cut: boolean;
  read: ReadThing[];
}

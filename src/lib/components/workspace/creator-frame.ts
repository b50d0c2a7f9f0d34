import { createContext } from 'svelte';
import type { Snippet } from 'svelte';
import type { ConversationClient } from '../conversation-client.svelte.ts';
import type { ConversationListState } from './conversation-list.svelte.ts';

/** What the frame around the creator's pages hands to them. */
export interface CreatorFrame {
  list: ConversationListState;
  /** This tab's side of the channel. There is none while the server renders. */
  client: ConversationClient | null;
  /** The button that opens the list where it has no pane: each page puts it into its own header. */
  drawer: Snippet;
}

export const [useCreatorFrame, provideCreatorFrame] = createContext<CreatorFrame>();

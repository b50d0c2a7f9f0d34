import type { ChannelLink } from './channel-link.ts';

export interface ConversationClientOptions {
  /** Where the channel is; empty for the page's own origin. */
  url: string;
  /** The build that this page came from. */
  build: string;
  storage?: Storage;
  ackTimeoutMs?: number;
  /** Runs once before the next paint; a test may run it at once. */
  schedule?: (flush: () => void) => void;
  /** Another way to the server than the channel at `url` and the page's own origin, for tests. */
  link?: ChannelLink;
}

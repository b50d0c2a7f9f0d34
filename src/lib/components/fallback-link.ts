import { createLinkListeners, linkEventNames, type ChannelLink } from './channel-link.ts';
import { createSocketLink, openChannelSocket } from './channel-socket.ts';
import { createPageLink } from './page-link.ts';

/** Tries in a row that nobody answered, after which the page's own way is taken. */
const patience = 2;

/** Both ways from a page to the server: the channel at `url`, else the page's own origin. */
export function openLink(url: string): ChannelLink {
  return createFallbackLink(createSocketLink(openChannelSocket(url)), createPageLink());
}

/**
 * The channel, and the page's own origin where the channel is out of reach. The channel is tried all the while, and
 * taken again as soon as it answers; whoever listens joins anew at each `connect` and so misses nothing.
 */
export function createFallbackLink(channel: ChannelLink, page: ChannelLink): ChannelLink {
  const { on, tell } = createLinkListeners();
  let taken = channel;
  let misses = 0;

  for (const link of [channel, page]) {
    for (const event of linkEventNames) {
      link.on(event, (...message: unknown[]) => {
        if (link === channel && event === 'connect') takeChannel();
        if (link === channel && event === 'refused') countMiss(message[0] === null);
        if (link === taken) (tell as (event: string, ...message: unknown[]) => void)(event, ...message);
      });
    }
  }

  return {
    get way() {
      return taken.way;
    },
    get connected() {
      return taken.connected;
    },
    connect() {
      channel.connect();
      if (taken === page) page.connect();
    },
    disconnect() {
      channel.disconnect();
      page.disconnect();
      taken = channel;
      misses = 0;
    },
    on,
    ask: (event, payload, timeoutMs) => taken.ask(event, payload, timeoutMs),
  };

  function takeChannel(): void {
    misses = 0;
    taken = channel;
    page.disconnect();
  }

  function countMiss(isUnanswered: boolean): void {
    misses = isUnanswered ? misses + 1 : 0;
    if (misses < patience || taken === page) return;
    // Told by the channel still, so that the tab counts as offline until the other way is open.
    tell('refused', null);
    taken = page;
    page.connect();
  }
}

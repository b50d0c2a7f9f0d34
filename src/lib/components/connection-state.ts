/** How a tab stands to the channel. */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'catching_up' | 'offline' | 'signed_out';

/** As the page says it. */
export const connectionWords: Record<ConnectionState, string> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  live: 'Live',
  catching_up: 'Catching up…',
  offline: 'Offline. Reconnecting by itself…',
  signed_out: 'Signed out',
};

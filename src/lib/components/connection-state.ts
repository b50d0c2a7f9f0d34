/** How a tab stands to the channel. */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'catching_up' | 'offline' | 'signed_out';

/** The one way out of the process: every call to Jira, Confluence, the model and HTTP MCP servers. */
export interface OutgoingHttp {
  /**
   * Sends one request. Resolves once the status line and headers are there, whatever the status. Rejects with an
   * UpstreamError: `refused` when it certainly never left (URL guard, connection refused, TLS), `unknown` when it may
   * have arrived; with the signal's reason when aborted. Never follows a redirect by itself, never retries.
   */
  send(request: OutgoingRequest): Promise<OutgoingResponse>;
  close(): Promise<void>;
}

export interface OutgoingRequest {
  upstream: 'jira' | 'confluence' | 'llm' | 'mcp';
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  /** Request id and trace context are added by the adapter itself. */
  headers: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  tls: TlsTrust;
  timeouts: { connectMs: number; firstByteMs: number; idleMs: number; totalMs: number };
  /** That of the request in whose name the call is made, unless given. */
  requestId?: string;
}

/** How one person's connection trusts its server. Per connection, never for the process. */
export interface TlsTrust {
  verify: boolean;
  /** PEM of extra CA certificates. */
  caPem: string | null;
}

export interface OutgoingResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** The body, decompressed, as it arrives. Rejects with an UpstreamError when it breaks off. */
  body: AsyncIterable<Uint8Array>;
  /** The whole body as text, up to the limit (bytes); an UpstreamError `unreadable` beyond it. */
  text(limitBytes: number): Promise<string>;
}

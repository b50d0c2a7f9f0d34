/** What the bench uses of autocannon, which ships no types. */
declare module 'autocannon' {
  interface Options {
    url: string;
    connections: number;
    /** Seconds. */
    duration: number;
    headers?: Record<string, string>;
    /** Sent in turn on each connection, instead of one and the same. */
    requests?: { headers: Record<string, string> }[];
    /** Requests a second over all connections; as many as are answered when left out. */
    overallRate?: number;
  }
  interface Result {
    requests: { average: number; total: number };
    /** Milliseconds. */
    latency: { p50: number; p90: number; p97_5: number; p99: number };
    errors: number;
    timeouts: number;
    non2xx: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}

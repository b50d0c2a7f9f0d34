import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** What is only known by looking: asked for at each scrape, so each must answer at once. */
export interface MetricSources {
  sockets?: () => number;
  breakers?: () => { key: string; state: 'closed' | 'open' | 'half_open' }[];
  databaseBytes?: () => number;
  /** Whether the database takes writes. */
  storageWritable?: () => boolean;
  /** Background jobs by status. */
  jobs?: () => Record<string, number>;
}

/** Seconds. From the reply of a cached page to a model that thinks for minutes. */
const callBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];
/** Seconds. From pieces that come in one packet to a model that pauses in mid-sentence. */
const tokenBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const breakerValues = { closed: 0, half_open: 1, open: 2 };

/**
 * The instruments of one app. Labels take few values and never a person's: no ids, names or addresses of pages as they
 * were typed.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  // Event-loop lag, memory, garbage collection, open handles.
  collectDefaultMetrics({ register: registry });

  return {
    requests: new Histogram({
      name: 'backlogue_request_seconds',
      help: 'Page and API requests, by route pattern.',
      labelNames: ['method', 'route', 'status'],
      buckets: callBuckets,
      registers,
    }),
    runs: new Histogram({
      name: 'backlogue_run_seconds',
      help: 'Runs of the agent, by how they came to rest.',
      labelNames: ['end'],
      buckets: callBuckets,
      registers,
    }),
    firstTokenSeconds: new Histogram({
      name: 'backlogue_first_token_seconds',
      help: 'From asking the model to its first text.',
      labelNames: ['type'],
      buckets: callBuckets,
      registers,
    }),
    tokenDelaySeconds: new Histogram({
      name: 'backlogue_token_delay_seconds',
      help: 'Between two pieces of text of one call of the model: the mean of the call, and its longest.',
      labelNames: ['type', 'of'],
      buckets: tokenBuckets,
      registers,
    }),
    modelSeconds: new Histogram({
      name: 'backlogue_model_call_seconds',
      help: 'Whole calls of the model.',
      labelNames: ['type', 'outcome'],
      buckets: callBuckets,
      registers,
    }),
    tokens: new Counter({
      name: 'backlogue_model_tokens_total',
      help: 'Tokens as the model counts them.',
      labelNames: ['direction'],
      registers,
    }),
    events: new Counter({
      name: 'backlogue_events_total',
      help: 'What people and the product did, as the audit log names it.',
      labelNames: ['action', 'outcome'],
      registers,
    }),
    toolCalls: new Histogram({
      name: 'backlogue_tool_call_seconds',
      help: 'Calls of MCP tools.',
      labelNames: ['server', 'tool', 'outcome'],
      buckets: callBuckets,
      registers,
    }),
    upstreamCalls: new Histogram({
      name: 'backlogue_upstream_call_seconds',
      help: 'Outgoing HTTP calls, until the headers of the answer.',
      labelNames: ['upstream', 'outcome'],
      buckets: callBuckets,
      registers,
    }),
    storageFaults: new Counter({
      name: 'backlogue_storage_faults_total',
      help: 'How often the database became read-only, by what the disk or the file was like.',
      labelNames: ['fault'],
      registers,
    }),
    /** Says where to look at each scrape. Each source once an app. */
    observe(sources: MetricSources) {
      const { sockets, breakers, databaseBytes, storageWritable, jobs } = sources;
      if (sockets)
        watch('backlogue_sockets', 'Open sockets of the channel.', [], (gauge) => gauge.set(sockets()));
      if (breakers) {
        watch('backlogue_breaker_state', '0 closed, 1 half open, 2 open.', ['remote'], (gauge) => {
          for (const { key, state } of breakers()) gauge.set({ remote: key }, breakerValues[state]);
        });
      }
      if (databaseBytes) {
        watch('backlogue_database_bytes', 'Size of the database with its log.', [], (gauge) =>
          gauge.set(databaseBytes()),
        );
      }
      if (storageWritable) {
        watch('backlogue_storage_writable', '1 while the database takes writes, else 0.', [], (gauge) =>
          gauge.set(storageWritable() ? 1 : 0),
        );
      }
      if (jobs) {
        watch('backlogue_jobs', 'Background jobs by status.', ['status'], (gauge) => {
          gauge.reset();
          for (const [status, count] of Object.entries(jobs())) gauge.set({ status }, count);
        });
      }
    },
    /** In the text format of Prometheus. */
    async render(): Promise<{ contentType: string; text: string }> {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };

  function watch(name: string, help: string, labelNames: string[], look: (gauge: Gauge) => void) {
    const gauge: Gauge = new Gauge({ name, help, labelNames, registers, collect: () => look(gauge) });
  }
}

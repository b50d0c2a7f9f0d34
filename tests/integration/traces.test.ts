import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatModel } from '../../src/lib/agent/ports.ts';
import { measuredHttp } from '../../src/lib/server/adapters/http/measured-http.ts';
import { createOutgoingHttp } from '../../src/lib/server/adapters/http/outgoing-http.ts';
import { measuredModel } from '../../src/lib/server/adapters/llm/measured-model.ts';
import { InvalidError } from '../../src/lib/server/errors/app-error.ts';
import { createMetrics } from '../../src/lib/server/observability/metrics.ts';
import { flushTraces, startTracing } from '../../src/lib/server/observability/start-tracing.ts';
import { withSpan } from '../../src/lib/server/observability/tracing.ts';
import { tracedPage } from '../../src/lib/server/web/traced-page.ts';
import { createLoopback } from '../support/loopback.ts';
import { forgetTracing } from '../support/traced-process.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';

const loopback = createLoopback();
const metrics = createMetrics();
const callersTrace = '0af7651916cd43dd8448eb211c80319c';
const callersSpan = 'b7ad6b7169203331';
let collector: Awaited<ReturnType<typeof startOtlpReceiver>>;
let remote: { url: string; traceparents: (string | undefined)[] };
let http: ReturnType<typeof measuredHttp>;

beforeAll(async () => {
  forgetTracing();
  collector = await startOtlpReceiver(loopback);
  await startTracing({ otlpEndpoint: collector.url, nodeEnv: 'test', role: 'all' });
  const traceparents: (string | undefined)[] = [];
  const url = await loopback.serve((request, response) => {
    traceparents.push(request.headers.traceparent as string | undefined);
    response.end('{}');
  });
  remote = { url, traceparents };
  const guard = { refuseUrl: () => null, refuseAddress: () => null };
  http = loopback.closing(measuredHttp(createOutgoingHttp({ guard }), metrics));
});
afterAll(async () => {
  forgetTracing();
  await loopback.close();
});

const tls = { verify: true, caPem: null };
const timeouts = { connectMs: 1_000, firstByteMs: 1_000, idleMs: 1_000, totalMs: 1_000 };
const callJira = () =>
  http
    .send({
      upstream: 'jira',
      method: 'GET',
      url: `${remote.url}rest?jql=private`,
      headers: {},
      tls,
      timeouts,
      requestId: 'r-1',
    })
    .then((response) => response.text(100));

const model: ChatModel = {
  async complete({ onDelta }) {
    await callJira();
    onDelta?.('Hel');
    onDelta?.('lo');
    return { text: 'a private answer', cut: false, inputTokens: 12, outputTokens: 3 };
  },
};
const ask = (traceContent: boolean) =>
  measuredModel(model, { metrics, modelName: 'company-1', requestId: 'r-1', traceContent }).complete({
    type: 'draft',
    system: 'a private system prompt',
    messages: [{ role: 'user', content: 'a private question' }],
    signal: new AbortController().signal,
  });

async function spanNamed(name: string) {
  await flushTraces();
  const found = collector.spans().find((span) => span.name === name);
  if (!found)
    throw new Error(
      `No span ${name} among ${collector
        .spans()
        .map((span) => span.name)
        .join(', ')}`,
    );
  return found;
}

describe('Traces', () => {
  it('lead from the caller’s own trace through page, run and model to the remote', async () => {
    const request = new Request('http://localhost/creator/7?secret=1', {
      headers: { traceparent: `00-${callersTrace}-${callersSpan}-01` },
    });
    await tracedPage({ request, route: { id: '/creator/[id]' } }, 'r-1', () =>
      withSpan('run', {}, async () => {
        await ask(false);
        return new Response(null, { status: 204 });
      }),
    );

    const call = await spanNamed('GET jira');
    expect(collector.pathTo(call)).toEqual(['GET /creator/[id]', 'run', 'chat company-1', 'GET jira']);
    expect(await spanNamed('GET /creator/[id]')).toMatchObject({
      traceId: callersTrace,
      parentSpanId: callersSpan,
      kind: 2,
    });
    expect(call).toMatchObject({ traceId: callersTrace, kind: 3 });
    expect(call.attributes).toMatchObject({
      'http.response.status_code': 200,
      'url.path': '/rest',
      'backlogue.request_id': 'r-1',
    });
    expect(remote.traceparents.at(-1)).toBe(`00-${callersTrace}-${call.spanId}-01`);
    expect(collector.paths).toContain('POST /v1/traces');
  });

  it('tell of a model call what the conventions name, its first token as an event', async () => {
    await ask(false);
    const { attributes, events } = await spanNamed('chat company-1');
    expect(events).toEqual(['gen_ai.first_token']);
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'company-1',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 3,
      'gen_ai.response.finish_reasons': ['stop'],
    });
  });

  it('hold no words of people, no query and nothing of this machine', async () => {
    await ask(false);
    await flushTraces();
    expect(collector.text()).not.toMatch(/private|secret=1/);
    expect(collector.text()).not.toContain(process.cwd());
    expect(Object.keys(collector.resource())).not.toContain('host.name');
    expect(collector.resource()).toMatchObject({
      'service.name': 'backlogue',
      'deployment.environment.name': 'test',
    });
  });

  it('name the code of a failure, and never its words', async () => {
    const failing = (error: Error) => withSpan(`failing with ${error.name}`, {}, () => Promise.reject(error));
    await expect(failing(new TypeError('token abc123'))).rejects.toThrow('abc123');
    await expect(failing(new InvalidError('too_long', 'You wrote abc123.'))).rejects.toThrow();
    expect(await spanNamed('failing with TypeError')).toMatchObject({
      status: { code: 2, message: 'TypeError' },
    });
    expect(await spanNamed('failing with InvalidError')).toMatchObject({
      status: { code: 2, message: 'too_long' },
    });
    expect(collector.text()).not.toContain('abc123');
  });

  it('carry prompts and answers where an operator says so', async () => {
    await ask(true);
    await flushTraces();
    const told = collector.spans().find(({ attributes }) => 'gen_ai.output.messages' in attributes);
    expect(told?.attributes['gen_ai.input.messages']).toContain('a private question');
    expect(told?.attributes['gen_ai.output.messages']).toContain('a private answer');
  });
});

describe('Metrics', () => {
  it('count the same calls in the text that Prometheus reads, and what is looked up at each scrape', async () => {
    metrics.observe({
      sockets: () => 4,
      breakers: () => [{ key: 'http://jira.example.com', state: 'open' }],
      databaseBytes: () => 4_096,
      jobs: () => ({ queued: 2 }),
    });
    const { contentType, text } = await metrics.render();
    expect(contentType).toContain('text/plain');
    expect(text).toMatch(/backlogue_upstream_call_seconds_count\{upstream="jira",outcome="2xx"\} [1-9]/);
    expect(text).toMatch(/backlogue_first_token_seconds_count\{type="draft"\} [1-9]/);
    expect(text).toMatch(/backlogue_model_tokens_total\{direction="input"\} [1-9]/);
    expect(text).toContain('backlogue_sockets 4');
    expect(text).toContain('backlogue_breaker_state{remote="http://jira.example.com"} 2');
    expect(text).toContain('backlogue_database_bytes 4096');
    expect(text).toContain('backlogue_jobs{status="queued"} 2');
    expect(text).toMatch(/nodejs_eventloop_lag_seconds/);
  });
});

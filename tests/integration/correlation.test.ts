import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { CallOut } from '../../src/lib/server/adapters/http/call-out.ts';
import { createOutgoingHttp } from '../../src/lib/server/adapters/http/outgoing-http.ts';
import type { OutgoingHttp } from '../../src/lib/server/adapters/http/outgoing-request.ts';
import { correlated } from '../../src/lib/server/observability/correlation.ts';
import { createLogger } from '../../src/lib/server/observability/logger.ts';
import { nameTraces } from '../../src/lib/server/observability/trace-ids.ts';
import { withSpan } from '../../src/lib/server/observability/tracing.ts';
import { tracedPage } from '../../src/lib/server/web/traced-page.ts';
import { makeLiveFolder, openCompanyNetwork } from '../support/company-network.ts';
import { serveOpenAi } from '../support/company-models.ts';
import { parseLog, type LogLine } from '../support/log-line.ts';
import { createLoopback } from '../support/loopback.ts';
import { patientTimeouts, systemTrust } from '../support/outgoing.ts';
import { startApp } from '../support/running-app.ts';
import { serveSooperset } from '../support/sooperset-server.ts';
import { toolListOf } from '../support/tool-lists.ts';
import { forgetTracing } from '../support/traced-process.ts';

const loopback = createLoopback();
beforeAll(() => {
  forgetTracing();
  nameTraces();
});
afterAll(async () => {
  forgetTracing();
  await loopback.close();
});

function captureLog() {
  const written: string[] = [];
  const log = createLogger({ level: 'info', destination: { write: (line) => void written.push(line) } });
  return { log, lines: (): LogLine[] => parseLog(written.join('')) };
}

describe('What is done for a request, without a collector', () => {
  let http: OutgoingHttp;
  let url: string;
  const seen: Record<string, unknown>[] = [];
  const calls: CallOut[] = [];
  beforeEach(async () => {
    seen.length = calls.length = 0;
    url = await loopback.serve((request, response) => {
      seen.push(request.headers);
      response.end('{}');
    });
    const guard = { refuseUrl: () => null, refuseAddress: () => null };
    http = createOutgoingHttp({ guard, onCall: (call) => calls.push(call) });
  });
  afterEach(() => http.close());

  const call = (requestId?: string) =>
    http.send({
      upstream: 'mcp',
      method: 'GET',
      url,
      headers: {},
      tls: systemTrust,
      timeouts: patientTimeouts,
      ...(requestId === undefined ? {} : { requestId }),
    });

  it('names request, person and trace on its calls out and on each line of the log', async () => {
    const { log, lines } = captureLog();
    await correlated({ requestId: 'request-7', userId: 'user-7' }, () =>
      withSpan('run', {}, async () => {
        log.info('On the way');
        await call();
      }),
    );
    const [line] = lines();
    expect(line).toMatchObject({ x_request_id: 'request-7', user_id: 'user-7' });
    expect(line?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(seen[0]).toMatchObject({
      'x-request-id': 'request-7',
      traceparent: `00-${line?.trace_id}-${line?.span_id}-00`,
    });
    expect(calls).toMatchObject([{ x_request_id: 'request-7', user_id: 'user-7', outcome: 'answered' }]);
  });

  it('goes on with the trace of whoever asked, and their decision to record it', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    await tracedPage({ request: new Request('http://localhost/', { headers }), route: { id: '/' } }, 'r-1', async () => {
      await call();
      return new Response();
    }); // prettier-ignore
    expect(seen[0]?.['traceparent']).toMatch(
      new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
    );
  });

  it('is nobody’s outside of a request, and the innermost name counts', async () => {
    const { log, lines } = captureLog();
    await call();
    await correlated({ requestId: 'outer-request', userId: 'outer' }, () =>
      correlated({ requestId: 'inner-request', userId: 'inner' }, async () => {
        log.info({ user_id: 'named' }, 'Says whose it is');
        await call('the-call-knows-better');
      }),
    );
    expect(lines()).toMatchObject([{ x_request_id: 'inner-request', user_id: 'named' }]);
    expect(seen[0]).not.toHaveProperty('x-request-id');
    expect(seen[0]).not.toHaveProperty('traceparent');
    expect(calls).toMatchObject([
      { x_request_id: null, user_id: null },
      { x_request_id: 'the-call-knows-better', user_id: 'inner' },
    ]);
    expect(seen[1]).toMatchObject({ 'x-request-id': 'the-call-knows-better' });
  });
});

it('A tool list that a worker reads carries the job’s request and trace to Jira and to the tool server', async () => {
  const { log, lines } = captureLog();
  const network = await openCompanyNetwork(loopback);
  const toolServer = await serveSooperset(loopback, { jiraUrl: network.sandbox.jiraUrl });
  const mcpServers = { company: { url: toolServer.url, headers: { Authorization: 'Token {{jiraPat}}' } } };
  const baseUrl = await serveOpenAi(loopback, [alice.llmCookie]);
  const folder = makeLiveFolder(network, { preset: 'openai-compatible', baseUrl }, { mcpServers });
  const running = await startApp({ folder, overrides: { log } });
  const who = await running.join(alice);
  await toolListOf(running, who, 'company');
  await running.close();
  folder.remove();

  // The test itself asks without being anybody, so a line with a person is one of a job.
  const listCalls = lines().filter(
    ({ message, upstream, user_id }) =>
      message === 'Call out' && upstream === 'mcp' && user_id === who.actor.userId,
  );
  expect(listCalls.length).toBeGreaterThan(1);
  for (const line of listCalls)
    expect(line).toMatchObject({ x_request_id: 'test-request-1', trace_id: expect.any(String) as string });

  const done = lines().filter(
    ({ message, user_id }) => message === 'A job was done' && user_id === who.actor.userId,
  );
  // Other jobs of theirs may have ended meanwhile; each call is one of a job whose end tells the same trace.
  const traces = new Set(listCalls.map(({ trace_id }) => trace_id));
  expect(done.map(({ trace_id }) => trace_id)).toEqual(expect.arrayContaining([...traces]));
  for (const line of done) expect(line).toMatchObject({ x_request_id: 'test-request-1' });
  const asked = toolServer
    .headers()
    .filter(({ traceparent }) => traces.has(String(traceparent).split('-')[1] ?? ''));
  expect(asked.length).toBeGreaterThanOrEqual(listCalls.length);
  expect(new Set(asked.map((headers) => headers['x-request-id']))).toEqual(new Set(['test-request-1']));
});

import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createMcpClients } from '../../../src/lib/server/adapters/mcp/mcp-client.ts';
import type { McpConnection } from '../../../src/lib/server/adapters/mcp/mcp-client.ts';
import { createLoopback, readBody } from '../../support/loopback.ts';
import { serveMcp } from '../../support/mcp-http-server.ts';
import { createTestHttp } from '../../support/outgoing.ts';
import { createRestDeps } from '../../support/rest.ts';

const loopback = createLoopback();
afterEach(() => loopback.close());

const echo = {
  name: 'echo',
  input: { text: z.string() },
  answer: ({ text }: Record<string, unknown>) => ({ text: String(text) }),
};

describe('A server over HTTP', () => {
  test('is sent the token in its own scheme, lists its tools and answers calls', async () => {
    const authorizations = new Set<unknown>();
    const url = await serveMcp(loopback, [echo], (headers) => authorizations.add(headers['authorization']));
    const connection = httpConnection(url, 'Token');
    const clients = openClients();
    expect(await clients.listTools(connection)).toMatchObject([
      { name: 'echo', properties: ['text'], required: ['text'], readOnly: false },
    ]);
    const answer = await clients.callTool(connection, { name: 'echo', arguments: { text: 'Grüße' } });
    expect(answer).toMatchObject({ isError: false, text: 'Grüße' });
    expect([...authorizations]).toEqual(['Token secret-1']);
  });

  test('that is not there, or turns the token away, was never called', async () => {
    const clients = openClients();
    const gone = httpConnection(`${await loopback.nobody()}mcp`);
    await expect(clients.callTool(gone, call)).rejects.toMatchObject({
      kind: 'refused',
      code: 'mcp_unreachable',
    });
    const locked = await loopback.serve((_request, response) => response.writeHead(401).end());
    await expect(clients.callTool(httpConnection(locked), call)).rejects.toMatchObject({
      kind: 'credential',
    });
  });

  test('that hangs, dies or fails in a call may have done its work', async () => {
    const clients = openClients();
    const hanging = await serveMcp(loopback, [{ ...echo, answer: () => new Promise(() => {}) }]);
    const late = clients.callTool(httpConnection(hanging), { ...call, timeoutMs: 50 });
    await expect(late).rejects.toMatchObject({ kind: 'unknown', code: 'mcp_timeout', timedOut: true });

    let calls = 0;
    const dying = await serveMcp(loopback, [{ ...echo, answer: () => ({ text: '' }) }]);
    const proxy = await loopback.serve((request, response) => {
      if (++calls > 2) return request.socket.destroy();
      return forward(dying, request, response);
    });
    await expect(clients.callTool(httpConnection(proxy), call)).rejects.toMatchObject({ kind: 'unknown' });
  });

  test('that fails again and again is left alone for a while', async () => {
    let calls = 0;
    const failing = await loopback.serve((_request, response) => {
      calls++;
      response.writeHead(500).end();
    });
    const connection = httpConnection(failing);
    const patient = {
      ...connection,
      access: { ...connection.access, breaker: { failures: 2, openForMs: 60_000 } },
    };
    const clients = openClients();
    for (let attempt = 0; attempt < 2; attempt++) await clients.callTool(patient, call).catch(() => {});
    await expect(clients.callTool(patient, call)).rejects.toMatchObject({
      code: 'mcp_paused',
      kind: 'refused',
    });
    expect(calls).toBe(2);
  });

  test('that fails once is asked for its list again, as for anything that only reads', async () => {
    const listing = await serveMcp(loopback, [echo]);
    let lists = 0;
    const shaky = await loopback.serve(async (request, response) => {
      const body = request.method === 'POST' ? await readBody(request) : '';
      if (body.includes('"tools/list"') && ++lists === 1) return void response.writeHead(503).end();
      // The stream that a client holds open breaks off when the server closes.
      await forward(listing, request, response, body).catch(() => response.destroy());
    });
    const connection = httpConnection(shaky);
    const retry = { attempts: 2, initialDelayMs: 1, maxDelayMs: 2 };
    const patient = { ...connection, access: { ...connection.access, retry } };
    expect(await openClients().listTools(patient)).toHaveLength(1);
    expect(lists).toBe(2);
  });

  test('An aborted call rejects with its reason', async () => {
    const started = Promise.withResolvers<void>();
    const answer = () => {
      started.resolve();
      return new Promise<never>(() => {});
    };
    const url = await serveMcp(loopback, [{ ...echo, answer }]);
    const abort = new AbortController();
    const stopped = openClients().callTool(httpConnection(url), { ...call, signal: abort.signal });
    const outcome = expect(stopped).rejects.toBe('stopped');
    await started.promise;
    abort.abort('stopped');
    await outcome;
  });

  test('A new token gets a client of its own', async () => {
    const authorizations: unknown[] = [];
    const url = await serveMcp(loopback, [echo], (headers) => authorizations.push(headers['authorization']));
    const clients = openClients();
    await clients.callTool(httpConnection(url), call);
    await clients.callTool(httpConnection(url, 'Bearer', 'secret-2'), call);
    expect(authorizations.at(0)).toBe('Bearer secret-1');
    expect(authorizations.at(-1)).toBe('Bearer secret-2');
  });
});

describe('A server over stdio', () => {
  test('runs for one person, with a home and a folder of its own, and leaves nothing', async () => {
    const clients = openClients();
    const told = async (userId: string) =>
      JSON.parse(
        (await clients.callTool(stdioConnection(userId), { name: 'where_am_i', arguments: {} })).text,
      );
    const [first, second] = [await told('u1'), await told('u2')];
    expect(first).toMatchObject({ token: 'secret-1', home: first.cwd });
    expect(second.home).not.toBe(first.home);
  });

  test('that dies in a call may have done its work, and is started anew for the next', async () => {
    const clients = openClients();
    const crash = { name: 'where_am_i', arguments: { crash: true } };
    await expect(clients.callTool(stdioConnection('u1'), crash)).rejects.toMatchObject({ kind: 'unknown' });
    expect(await clients.listTools(stdioConnection('u1'))).toHaveLength(1);
  });

  test('that fails for one person is left alone for them, and works for the others', async () => {
    const clients = openClients();
    const { breakers } = access();
    const limited = (userId: string): McpConnection => {
      const connection = stdioConnection(userId);
      const breaker = { failures: 1, openForMs: 60_000 };
      return { ...connection, access: { ...connection.access, breaker, breakers } };
    };
    const crash = { name: 'where_am_i', arguments: { crash: true } };
    await expect(clients.callTool(limited('u1'), crash)).rejects.toMatchObject({ kind: 'unknown' });
    await expect(clients.listTools(limited('u1'))).rejects.toMatchObject({ code: 'mcp_paused' });
    expect(await clients.listTools(limited('u2'))).toHaveLength(1);
    expect(breakers.states()).toMatchObject([{ key: 'mcp child', state: 'open' }]);
  });

  test('that dies again and again is left alone for a while', async () => {
    let now = 0;
    const clients = openClients({ clock: { now: () => now } });
    const crash = { name: 'where_am_i', arguments: { crash: true } };
    for (let times = 0; times < 2; times++)
      await expect(clients.callTool(stdioConnection('u1'), crash)).rejects.toMatchObject({ kind: 'unknown' });
    await expect(clients.listTools(stdioConnection('u1'))).rejects.toMatchObject({
      code: 'mcp_restarting',
      retryAfterMs: 1_000,
    });
    expect(await clients.listTools(stdioConnection('u2'))).toHaveLength(1);
    now = 1_000;
    expect(await clients.listTools(stdioConnection('u1'))).toHaveLength(1);
  });

  test('is ended, with its folder, once nobody uses it', async () => {
    const clients = openClients({ idleMs: 1 });
    const told = JSON.parse(
      (await clients.callTool(stdioConnection('u1'), { name: 'where_am_i', arguments: {} })).text,
    );
    await vi.waitFor(() => expect(existsSync(told.home)).toBe(false));
  });

  test('makes room for another of the same person, unless it is at work', async () => {
    const clients = openClients({ limits: () => ({ clientsPerUser: 1, clientsInAll: 2 }) });
    const whereAmI = { name: 'where_am_i', arguments: {} };
    const first = JSON.parse((await clients.callTool(stdioConnection('u1'), whereAmI)).text);
    const other = withId(stdioConnection('u1'), 'other');
    const second = JSON.parse((await clients.callTool(other, whereAmI)).text);
    expect(second.home).not.toBe(first.home);
    await vi.waitFor(() => expect(existsSync(first.home)).toBe(false));

    const working = clients.callTool(other, { name: 'where_am_i', arguments: { hang: true } });
    const outcome = expect(working).rejects.toMatchObject({ kind: 'unknown' });
    await expect(clients.listTools(stdioConnection('u1'))).rejects.toMatchObject({
      code: 'mcp_too_many_clients',
    });
    expect(await clients.listTools(stdioConnection('u2'))).toHaveLength(1);
    const third = clients.listTools(stdioConnection('u3'));
    expect(await third).toHaveLength(1);
    await clients.close();
    await outcome;
  });

  test('that cannot be started was never called', async () => {
    const connection = stdioConnection('u1', 'no-such-program-anywhere');
    await expect(openClients().listTools(connection)).rejects.toMatchObject({
      kind: 'refused',
      code: 'mcp_unreachable',
    });
  });
});

const call = { name: 'echo', arguments: { text: 'x' } };

function openClients(options: Partial<Parameters<typeof createMcpClients>[0]> = {}) {
  return loopback.closing(createMcpClients({ log: pino({ level: 'silent' }), ...options }));
}

function withId(connection: McpConnection, id: string): McpConnection {
  return { ...connection, server: { ...connection.server, id } };
}

function access(token = 'secret-1') {
  return createRestDeps({ baseUrl: 'http://127.0.0.1', token, http: loopback.closing(createTestHttp()) });
}

function httpConnection(url: string, scheme: 'Bearer' | 'Token' = 'Bearer', token?: string): McpConnection {
  const server = {
    kind: 'http' as const,
    id: 'remote',
    product: 'jira' as const,
    profile: 'auto',
    url,
    headers: { Authorization: `${scheme} {{jiraPat}}` },
  };
  return { userId: 'u1', server, access: access(token) };
}

function stdioConnection(userId: string, command = process.execPath): McpConnection {
  const script = fileURLToPath(new URL('../../support/stdio-mcp-server.mjs', import.meta.url));
  const env = { JIRA_API_TOKEN: '{{jiraPat}}' };
  const server = {
    kind: 'stdio' as const,
    id: 'child',
    product: 'jira' as const,
    profile: 'auto',
    command,
    args: [script],
    env,
  };
  return { userId, server, access: access() };
}

async function forward(
  to: string,
  request: IncomingMessage,
  response: ServerResponse,
  read?: string,
): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name]) => !['host', 'connection', 'content-length', 'accept-encoding'].includes(name),
    ),
  );
  const body = request.method === 'POST' ? (read ?? (await readBody(request))) : undefined;
  const answer = await fetch(to, {
    method: request.method,
    headers: headers as Record<string, string>,
    body,
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  response.end(await answer.text());
}

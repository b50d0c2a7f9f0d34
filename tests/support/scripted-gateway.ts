import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModelCall } from '../../src/lib/agent/ports.ts';
import type { ChatModelDeps, ChatModelUser } from '../../src/lib/server/adapters/llm/chat-model.ts';
import { createChatModel } from '../../src/lib/server/adapters/llm/chat-model.ts';
import { createBreakers } from '../../src/lib/server/adapters/resilience.ts';
import { UpstreamError } from '../../src/lib/server/errors/app-error.ts';
import { parseConfigTexts, readConfigTexts } from '../../src/lib/server/settings/config-files.ts';
import type { ProductConfig } from '../../src/lib/server/settings/config-store.ts';
import type { Answering, createLoopback } from './loopback.ts';
import { createTestHttp, patientTimeouts, systemTrust } from './outgoing.ts';

/** Ends in a way that no log may show. */
export const gatewayCookie = 'gateway-cookie-91c2d7';

type LlmSettings = ProductConfig['config']['llm'];

/** The shipped configuration, with the part about the model changed. */
export function shippedConfig(llm: Partial<LlmSettings> = {}): ProductConfig {
  const loaded = parseConfigTexts(readConfigTexts('config'), 'config', {});
  if ('problems' in loaded) throw new Error('The shipped configuration is broken; see its own test.');
  const { files, authorities } = loaded;
  const quick = { retry: { attempts: 0, initialDelayMs: 1, maxDelayMs: 5 }, timeouts: patientTimeouts };
  return {
    ...files,
    authorities,
    config: { ...files.config, llm: { ...files.config.llm, ...quick, ...llm } },
    hash: 'test',
    loadedAt: 0,
  };
}

/** Serves one gateway, and gives the model that one person sees behind it. */
export async function openGateway(
  loopback: ReturnType<typeof createLoopback>,
  answer: Answering,
  product = shippedConfig(),
) {
  const url = await loopback.serve(answer);
  const deps: ChatModelDeps = {
    http: loopback.closing(createTestHttp()),
    breakers: createBreakers(),
    configStore: { current: () => product },
    clock: { now: () => Date.now() },
  };
  const user: ChatModelUser = {
    employeeId: 'E10421',
    conversationId: 'c1',
    requestId: 'req-1',
    credential: () => Promise.resolve({ url, secret: gatewayCookie, tls: systemTrust }),
  };
  return { deps, user, model: createChatModel(deps, user) };
}

export function modelCall(overrides: Partial<ModelCall> = {}): ModelCall {
  return {
    type: 'draft',
    system: 'Be brief.',
    messages: [{ role: 'user', content: 'Invoices as PDF' }],
    signal: new AbortController().signal,
    ...overrides,
  };
}

/** The UpstreamError that a call ends with; anything else fails the test. */
export async function upstreamFailure(promise: Promise<unknown>): Promise<UpstreamError> {
  const error: unknown = await promise.then(
    () => new Error('expected a failure'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpstreamError)) throw error;
  return error;
}

/** Starts an event stream and writes each piece as a packet of its own. */
export async function stream(
  response: ServerResponse,
  pieces: (string | Uint8Array)[],
  headers: Record<string, string> = {},
) {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  response.socket?.setNoDelay(true);
  for (const piece of pieces) {
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    // Lets the piece leave as a packet before the next one is written.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

export function deltas(...texts: string[]): string {
  return texts.map((text) => `data: ${JSON.stringify({ delta: text })}\n\n`).join('');
}

export async function jsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString()) as Record<string, unknown>;
}

import { readFileSync } from 'node:fs';
import type { ConfigFile } from '../../../contracts/config/config-file.ts';
import { createOutgoingHttp } from '../../adapters/http/outgoing-http.ts';
import { AppError } from '../../errors/app-error.ts';
import { createUrlGuard } from '../../security/url-guard.ts';
import { createEndpoints } from '../../settings/endpoints.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ProductConfig } from '../../settings/config-store.ts';
import { byHand, ok, wrong } from './finding.ts';

const TIMEOUTS = { connectMs: 5_000, firstByteMs: 10_000, idleMs: 10_000, totalMs: 15_000 };

interface RemoteSystem {
  name: string;
  upstream: 'jira' | 'confluence' | 'llm';
  url: string | null;
  caFile: string | null;
}

/** Whether each configured system answers over TLS that the configured authority vouches for. Any status will do. */
export async function checkRemotes(config: ConfigFile | null) {
  if (config === null) return wrong('Not checked: the configuration is not valid.');
  if (config.mode === 'practice') return wrong('Not checked: practice mode has no remote systems.');
  const { jira, confluence, llm } = config;
  const systems: RemoteSystem[] = [
    { name: 'Jira', upstream: 'jira', ...jira },
    { name: 'Confluence', upstream: 'confluence', ...confluence },
    { name: llm.name, upstream: 'llm', url: llm.baseUrl, caFile: null },
  ];
  const faults = await Promise.all(systems.map((system) => faultOf(system, config)));
  const sentences = faults.filter((fault) => fault !== null);
  return sentences.length > 0
    ? wrong(sentences.join(' '))
    : ok('All answer, and their certificates are trusted.');
}

async function faultOf(
  { name, upstream, url, caFile }: RemoteSystem,
  config: ConfigFile,
): Promise<string | null> {
  if (url === null) return upstream === 'confluence' ? null : `${name} has no URL in config.json.`;
  if (!url.startsWith('https:')) return `${name} is called without TLS: ${url}`;
  const endpoints = createEndpoints({
    configStore: { current: () => ({ config }) as ProductConfig },
    practice: null,
  });
  const guard = createUrlGuard({ ...endpoints, ownPorts: [] });
  const http = createOutgoingHttp({ guard });
  try {
    const caPem = caFile === null ? null : readFileSync(caFile, 'utf8');
    const tls = { verify: true, caPem };
    await http.send({ upstream, method: 'GET', url, headers: {}, tls, timeouts: TIMEOUTS });
    return null;
  } catch (error) {
    const reason = error instanceof AppError || error instanceof Error ? error.message : String(error);
    return `${name}: ${reason}`;
  } finally {
    await http.close();
  }
}

/** Whether traces arrive somewhere. An empty export is valid and leaves nothing behind. */
export async function checkCollector({ otlpEndpoint }: Settings) {
  if (otlpEndpoint === null) {
    return byHand('OTEL_EXPORTER_OTLP_ENDPOINT is unset. Where do logs (standard output) and /metrics go?');
  }
  const url = `${otlpEndpoint.replace(/\/$/, '')}/v1/traces`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceSpans":[]}',
    signal: AbortSignal.timeout(TIMEOUTS.firstByteMs),
  }).catch(() => null);
  return answer?.ok
    ? ok(`${url} takes traces.`)
    : wrong(`${url} does not take traces (${answer?.status ?? 'no answer'}).`);
}

/** Asks the running app, past the proxy. */
export async function checkHealth({ host, port }: Settings) {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host;
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/readyz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUTS.firstByteMs) }).catch(() => null);
  if (answer === null) return wrong(`${url} does not answer: is the app running?`);
  return answer.ok ? ok(`${url} says ready.`) : wrong(`${url} says ${answer.status}: ${await answer.text()}`);
}

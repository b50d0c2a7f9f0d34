import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { startSandbox, type Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { makeAppFolder, shippedConfig, type AppFolder, type ConfigChange } from './app-folder.ts';
import type { createLoopback } from './loopback.ts';
import { atOnce } from './running-app.ts';
import { testAuthorityPem, testServerCertificate } from './tls-certificates.ts';

/** A company's Jira and Confluence: behind TLS with a certificate of its own authority, each under a context path. */
export interface CompanyNetwork {
  sandbox: Sandbox;
  jiraUrl: string;
  confluenceUrl: string;
}

export async function openCompanyNetwork(
  loopback: ReturnType<typeof createLoopback>,
): Promise<CompanyNetwork> {
  const contextPaths = { jira: '/jira', confluence: '/wiki' };
  const sandbox = await startSandbox({ dataDir: ':memory:', contextPaths, llmPace: atOnce });
  loopback.closing(sandbox);
  const behindTls = async (url: string) => {
    const { origin, pathname } = new URL(url);
    const server = createServer(testServerCertificate, (request, response) =>
      pass(origin, request, response),
    );
    const port = await loopback.listen(server);
    loopback.closing({ close: () => server.closeAllConnections() });
    return `https://localhost:${port}${pathname}`;
  };
  return {
    sandbox,
    jiraUrl: await behindTls(sandbox.jiraUrl),
    confluenceUrl: await behindTls(sandbox.confluenceUrl),
  };
}

function pass(origin: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const inner = httpRequest(`${origin}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  inner.on('error', () => response.destroy());
  request.pipe(inner);
}

/** What an administrator writes to go live: the presets of their model, their addresses, their authority's file. */
export function makeLiveFolder(
  { jiraUrl, confluenceUrl }: Pick<CompanyNetwork, 'jiraUrl' | 'confluenceUrl'>,
  model: { preset: 'openai-compatible' | 'anthropic-messages'; baseUrl: string },
  change: ConfigChange = {},
  { authorityConfigured = true } = {},
): AppFolder {
  const folder = makeAppFolder(change);
  const configDir = join(folder.path, 'config');
  const preset = join(shippedConfig, 'presets', model.preset);
  for (const file of ['header.json', 'payload.json']) cpSync(join(preset, file), join(configDir, file));
  const authorityFile = join(folder.path, 'company-ca.pem');
  writeFileSync(authorityFile, testAuthorityPem);
  const caFile = authorityConfigured ? authorityFile : null;
  const file = join(configDir, 'config.json');
  const config = readJsonc(file) as Record<'jira' | 'confluence' | 'llm', object>;
  const llm = readJsonc(join(preset, 'llm.json')) as object;
  const live = {
    ...config,
    mode: 'live',
    jira: { ...config.jira, url: jiraUrl, caFile },
    confluence: { ...config.confluence, url: confluenceUrl, caFile },
    llm: { ...llm, baseUrl: model.baseUrl, retry: { attempts: 0 } },
  };
  writeFileSync(file, JSON.stringify(live));
  return folder;
}

function readJsonc(file: string): unknown {
  return parse(readFileSync(file, 'utf8'));
}

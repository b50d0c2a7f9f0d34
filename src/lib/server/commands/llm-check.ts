import { pathToFileURL } from 'node:url';
import type { Clock } from '../../agent/ports.ts';
import type { ModelFinding } from '../../contracts/model-check.ts';
import { createChatModel } from '../adapters/llm/chat-model.ts';
import { runSelfTest } from '../adapters/llm/self-test.ts';
import { whoAmI } from '../adapters/llm/who-am-i.ts';
import { createOutgoingHttp } from '../adapters/http/outgoing-http.ts';
import { createBreakers } from '../adapters/resilience.ts';
import { AppError, InvalidError } from '../errors/app-error.ts';
import { createLogger } from '../observability/logger.ts';
import { createUrlGuard } from '../security/url-guard.ts';
import { createConfigStore } from '../settings/config-store.ts';
import { createEndpoints, practiceUrlsAt } from '../settings/endpoints.ts';
import type { Environment } from '../settings/settings.ts';
import { readSettings } from '../settings/settings.ts';

/**
 * Tests the configured model with the credential in LLM_CREDENTIAL: `llm-check`. In practice mode it is the practice
 * writer of a running app or of `npm run sandbox`. One line for each finding; resolves with the exit code.
 */
export async function checkModel(
  env: Environment,
  print: (line: string) => void,
  clock: Clock = performance,
): Promise<0 | 1> {
  const settings = readSettings(env);
  const log = createLogger({ level: 'silent' });
  const configStore = createConfigStore({ dir: settings.configDir, clock: Date, log, env });
  const endpoints = createEndpoints({ configStore, practice: practiceUrlsAt(settings.practicePorts) });
  const guard = createUrlGuard({ ...endpoints, ownPorts: [] });
  const http = createOutgoingHttp({ guard });
  try {
    const url = endpoints.llmBaseUrl();
    if (url === null)
      throw new InvalidError('connection_missing', 'config.json names no model: set llm.baseUrl.');
    const tls = { verify: true, caPem: null };
    const user = {
      employeeId: 'llm-check',
      conversationId: null,
      requestId: `llm-check-${process.pid}`,
      credential: () => Promise.resolve({ url, secret: settings.llmCredential, tls }),
    };
    const deps = { http, breakers: createBreakers(), configStore, clock: Date };
    print(`Testing ${configStore.current().config.llm.name} at ${url}`);
    const { signal } = new AbortController();
    const findings = runSelfTest({
      model: createChatModel(deps, user),
      whoAmI: () => whoAmI(deps, user, signal),
      product: configStore.current(),
      clock,
      signal,
    });
    return await report(findings, print);
  } finally {
    configStore.dispose();
    await http.close();
  }
}

async function report(findings: AsyncIterable<ModelFinding>, print: (line: string) => void): Promise<0 | 1> {
  let exitCode: 0 | 1 = 0;
  for await (const { check, ok, sentence } of findings) {
    print(`${ok ? 'ok   ' : 'wrong'}  ${check.padEnd(8)}  ${sentence}`);
    if (!ok) exitCode = 1;
  }
  return exitCode;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.exitCode = await checkModel(process.env, (line) => console.log(line));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

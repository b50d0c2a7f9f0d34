import type { ChatModel } from '../../src/lib/agent/ports.ts';
import { alice } from '../../src/lib/sandbox/people.ts';
import { startSandbox, type Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { createOutgoingHttp } from '../../src/lib/server/adapters/http/outgoing-http.ts';
import { createChatModel } from '../../src/lib/server/adapters/llm/chat-model.ts';
import { createBreakers } from '../../src/lib/server/adapters/resilience.ts';
import { createLogger } from '../../src/lib/server/observability/logger.ts';
import { createUrlGuard } from '../../src/lib/server/security/url-guard.ts';
import { createConfigStore, type ProductConfig } from '../../src/lib/server/settings/config-store.ts';
import { createEndpoints, practiceUrlsAt } from '../../src/lib/server/settings/endpoints.ts';
import { readSettings, type Environment } from '../../src/lib/server/settings/settings.ts';

export interface OpenModel {
  model: ChatModel;
  product: ProductConfig;
  close(): Promise<void>;
}

/**
 * The model of `config/`, with the credential in LLM_CREDENTIAL. In practice mode, unless a port of a running one is
 * named, a practice writer of our own is started and ends with it.
 */
export async function openModel(env: Environment): Promise<OpenModel> {
  const settings = readSettings(env);
  const log = createLogger({ level: 'silent' });
  const configStore = createConfigStore({ dir: settings.configDir, clock: Date, log, env });
  const product = configStore.current();
  configStore.dispose();
  const startsOwn = product.config.mode === 'practice' && !env['PRACTICE_LLM_PORT'];
  const sandbox = startsOwn
    ? await startSandbox({ dataDir: ':memory:', llmPace: { firstTokenMs: 0, tokenMs: 0 } })
    : null;
  const endpoints = createEndpoints({
    configStore,
    practice: sandbox ?? practiceUrlsAt(settings.practicePorts),
  });
  const http = createOutgoingHttp({ guard: createUrlGuard({ ...endpoints, ownPorts: [] }) });
  const url = endpoints.llmBaseUrl();
  if (url === null) throw new Error('config.json names no model: set llm.baseUrl.');
  const secret = settings.llmCredential ?? (product.config.mode === 'practice' ? alice.llmCookie : null);
  const user = {
    employeeId: 'llm-eval',
    conversationId: null,
    requestId: `llm-eval-${process.pid}`,
    credential: async () => ({ url, secret, tls: { verify: true, caPem: null } }),
  };
  return {
    model: createChatModel({ http, breakers: createBreakers(), configStore, clock: Date }, user),
    product,
    close: () => closeBoth(http, sandbox),
  };
}

async function closeBoth(http: { close(): Promise<void> }, sandbox: Sandbox | null): Promise<void> {
  await http.close();
  await sandbox?.close();
}

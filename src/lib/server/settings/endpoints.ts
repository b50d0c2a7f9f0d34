import type { ConfigFile } from '../../contracts/config/config-file.ts';
import type { ConfigStore } from './config-store.ts';

export interface PracticeUrls {
  jiraUrl: string;
  confluenceUrl: string;
  llmUrl: string;
}

/** Where the remote systems are at this moment: the practice servers, or what config.json says. */
export interface Endpoints {
  /** As config.json said when the process started: half a switch would send practice tokens to the real Jira. */
  mode(): 'practice' | 'live';
  /** The mode that a changed config.json names, in force from the next start on; null where it is the one in force. */
  pendingMode(): 'practice' | 'live' | null;
  /** Null where nothing is configured. */
  jiraUrl(): string | null;
  confluenceUrl(): string | null;
  llmBaseUrl(): string | null;
  /** For the URL guard: configured hosts (with their port, where it is not the usual one) and `allowedHosts`. */
  allowedHosts(): string[];
  /** For the URL guard: the practice servers' data ports, empty in live mode. */
  practiceOrigins(): string[];
}

/** Where practice servers are that another process of this machine started. */
export function practiceUrlsAt(ports: { jira: number; confluence: number; llm: number }): PracticeUrls {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return { jiraUrl: at(ports.jira), confluenceUrl: at(ports.confluence), llmUrl: at(ports.llm) };
}

interface EndpointsDeps {
  configStore: Pick<ConfigStore, 'current'>;
  /** Null where no practice servers were started. */
  practice: PracticeUrls | null;
}

/** Answers from the configuration in force, so that a reloaded file counts from the next call on: all but its mode. */
export function createEndpoints({ configStore, practice }: EndpointsDeps): Endpoints {
  const config = () => configStore.current().config;
  const startedIn = config().mode;
  const inPractice = startedIn === 'practice';
  const either = (practiceUrl: string | undefined, liveUrl: string | null) =>
    withoutTrailingSlash(inPractice ? (practiceUrl ?? null) : liveUrl);

  return {
    mode: () => startedIn,
    pendingMode: () => (config().mode === startedIn ? null : config().mode),
    jiraUrl: () => either(practice?.jiraUrl, config().jira.url),
    confluenceUrl: () => either(practice?.confluenceUrl, config().confluence.url),
    llmBaseUrl: () => either(practice?.llmUrl, config().llm.baseUrl),
    allowedHosts: () => allowedHosts(config()),
    practiceOrigins: () => (inPractice && practice ? dataOrigins(practice) : []),
  };
}

// Named one by one: what starts the practice servers also holds the address of their control endpoint.
function dataOrigins({ jiraUrl, confluenceUrl, llmUrl }: PracticeUrls): string[] {
  return [jiraUrl, confluenceUrl, llmUrl].map((url) => new URL(url).origin);
}

function allowedHosts(config: ConfigFile): string[] {
  const urls = [config.jira.url, config.confluence.url, config.llm.baseUrl];
  for (const { url } of Object.values(config.mcpServers)) urls.push(url ?? null);
  const configured = urls.filter((url) => url !== null).map((url) => new URL(url).host);
  return [...new Set([...config.allowedHosts, ...configured])];
}

function withoutTrailingSlash(url: string | null): string | null {
  return url === null ? null : url.replace(/\/+$/, '');
}

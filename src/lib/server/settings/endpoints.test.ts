import { describe, expect, it } from 'vitest';
import type { ConfigFile } from '../../contracts/config/config-file.ts';
import { configFileSchema } from '../../contracts/config/config-file.ts';
import type { ProductConfig } from './config-store.ts';
import { createEndpoints } from './endpoints.ts';

const llm = { endpoints: { default: { path: '/v1/generate' } }, dialect: { type: 'text' as const } };
const practice = {
  jiraUrl: 'http://127.0.0.1:3101',
  confluenceUrl: 'http://127.0.0.1:3102',
  llmUrl: 'http://127.0.0.1:3103',
  controlUrl: 'http://127.0.0.1:3104',
};

function store(config: Partial<Parameters<typeof configFileSchema.parse>[0] & object>) {
  const parsed: ConfigFile = configFileSchema.parse({ llm, ...config });
  return { current: () => ({ config: parsed }) as ProductConfig };
}

describe('Endpoints', () => {
  it('are the practice servers in practice mode, and never their control endpoint', () => {
    const endpoints = createEndpoints({ configStore: store({}), practice });
    expect(endpoints.mode()).toBe('practice');
    expect(endpoints.jiraUrl()).toBe('http://127.0.0.1:3101');
    expect(endpoints.llmBaseUrl()).toBe('http://127.0.0.1:3103');
    expect(endpoints.practiceOrigins()).toEqual([
      'http://127.0.0.1:3101',
      'http://127.0.0.1:3102',
      'http://127.0.0.1:3103',
    ]);
  });

  it('are what the file says in live mode, without trailing slashes, and null where it says nothing', () => {
    const configStore = store({ mode: 'live', jira: { url: 'https://jira.example.com/jira/' } });
    const endpoints = createEndpoints({ configStore, practice });
    expect(endpoints.jiraUrl()).toBe('https://jira.example.com/jira');
    expect(endpoints.confluenceUrl()).toBeNull();
    expect(endpoints.llmBaseUrl()).toBeNull();
    expect(endpoints.practiceOrigins()).toEqual([]);
  });

  it('stay in the mode of the start, and say that another one waits for the next', () => {
    const inForce = { configStore: store({}) };
    const configStore = { current: () => inForce.configStore.current() };
    const endpoints = createEndpoints({ configStore, practice });
    expect(endpoints.pendingMode()).toBeNull();
    inForce.configStore = store({ mode: 'live', jira: { url: 'https://jira.example.com' } });
    expect(endpoints.pendingMode()).toBe('live');
    expect(endpoints.mode()).toBe('practice');
    expect(endpoints.jiraUrl()).toBe(practice.jiraUrl);
    expect(endpoints.practiceOrigins()).toContain(practice.jiraUrl);
  });

  it('allow the hosts that an administrator configured anywhere', () => {
    const configStore = store({
      mode: 'live',
      allowedHosts: ['*.corp.example.com'],
      jira: { url: 'https://jira.example.com/jira' },
      mcpServers: { jira: { product: 'jira', url: 'https://mcp.example.com:8443/mcp' } },
    });
    const endpoints = createEndpoints({ configStore, practice: null });
    expect(endpoints.allowedHosts()).toEqual([
      '*.corp.example.com',
      'jira.example.com',
      'mcp.example.com:8443',
    ]);
  });
});

import type { McpServerConfig } from '../../../contracts/config/tool-servers.ts';
import type { Remote } from '../resilience.ts';

/**
 * A tool server as its breaker knows it. Over HTTP it is one server for everybody; as a program it is a process for each
 * person, and one that stops for somebody's token says nothing of the others.
 */
export function toolServerRemote({ id, kind }: McpServerConfig, userId: string): Remote {
  const remote = { key: `mcp ${id}`, upstream: 'mcp' as const };
  return kind === 'stdio' ? { ...remote, instance: userId } : remote;
}

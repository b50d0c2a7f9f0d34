import type { ConnectionKind } from '../../contracts/connection.ts';
import type { Endpoints } from '../settings/endpoints.ts';

export type Addresses = Pick<Endpoints, 'mode' | 'jiraUrl' | 'confluenceUrl' | 'llmBaseUrl'>;

/**
 * Where a person's connection leads at this moment, or null where nothing is configured. Jira and Confluence are the
 * person's own addresses where they have one; the model is the same for everybody. In practice mode the practice
 * systems count whatever is stored, because their ports may change from one start to the next.
 */
export function effectiveUrl(
  kind: ConnectionKind,
  storedUrl: string | null,
  endpoints: Addresses,
): string | null {
  if (kind === 'llm') return endpoints.llmBaseUrl();
  const configured = kind === 'jira' ? endpoints.jiraUrl() : endpoints.confluenceUrl();
  return endpoints.mode() === 'practice' ? configured : (storedUrl ?? configured);
}

import { alice } from '../../src/lib/sandbox/people.ts';
import type { FaultEffect } from '../../src/lib/sandbox/faults.ts';
import type { Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { practiceClient } from '../../src/lib/sandbox/testing/practice-client.ts';

export const createPath = '/rest/api/2/issue';

/** Keys of all issues that the practice Jira really made, in order, whatever anybody was told. */
export function createdKeys({ ledger }: Sandbox): string[] {
  return ledger
    .entries({ product: 'jira', method: 'POST', path: createPath, applied: true })
    .flatMap(({ path, key }) => (path === createPath && key !== null ? [key] : []));
}

/** Issues that carry a marker, as a label or in their description. */
export async function issuesWith(sandbox: Sandbox, marker: string): Promise<string[]> {
  const jira = practiceClient(sandbox, 'jira', alice);
  const keys: string[] = [];
  for (const key of createdKeys(sandbox)) {
    const { fields } = (
      await jira.get<{ fields: { labels: string[]; description: string | null } }>(`${createPath}/${key}`)
    ).json();
    if (fields.labels.includes(marker) || fields.description?.includes(marker)) keys.push(key);
  }
  return keys;
}

/** Has the nth create call from now on go wrong, once. */
export function failCreate({ faults }: Sandbox, effect: FaultEffect, nth = 1): void {
  const match = { method: 'POST', pathPattern: `^${createPath}$` };
  // An effect that only the practice model knows leaves Jira as it is, and uses up one call.
  if (nth > 1)
    faults.add({ target: 'jira', match, times: nth - 1, effect: { kind: 'scenario', name: 'as usual' } });
  faults.add({ target: 'jira', match, times: 1, effect });
}

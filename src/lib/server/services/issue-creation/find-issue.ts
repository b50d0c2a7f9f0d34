import type { CreationIntent } from '../../repositories/creation-intent-repository.ts';
import type { DeskIssue, IssueDesk } from './issue-desk.ts';

/** `blind`: the look proves nothing, for the reason that is told. */
export type Finding =
  { kind: 'found'; issue: DeskIssue } | { kind: 'absent' } | { kind: 'blind'; why: string };

/** How many keys beyond the last known one are looked at: others create issues meanwhile. */
const probedKeys = 20;
const absentKeysInARow = 3;

/**
 * The issue of an intent: by its marker in the index, and beside it by the keys after the last known one, which needs no
 * index. Absence counts only when Jira has just said that the token is this person's, since a search answers "none" to
 * an anonymous caller. Rejects where Jira cannot be asked.
 */
export async function findIssue(
  desk: IssueDesk,
  { markerLabel, payload: { projectKey } }: CreationIntent,
  employeeId: string,
): Promise<Finding> {
  const answered = await desk.whoAmI();
  if (answered.toLowerCase() !== employeeId.toLowerCase()) {
    return { kind: 'blind', why: `The token belongs to ${answered}.` };
  }
  for (const key of await desk.findByLabel(projectKey, markerLabel)) {
    const issue = await desk.getIssue(key);
    if (issue && carriesMarker(issue, markerLabel)) return { kind: 'found', issue };
  }
  let absent = 0;
  const last = await desk.lastIssueNumber(projectKey);
  for (let number = last + 1; number <= last + probedKeys && absent < absentKeysInARow; number += 1) {
    const issue = await desk.getIssue(`${projectKey}-${number}`);
    if (issue && carriesMarker(issue, markerLabel)) return { kind: 'found', issue };
    absent = issue ? 0 : absent + 1;
  }
  return { kind: 'absent' };
}

function carriesMarker(issue: DeskIssue, markerLabel: string): boolean {
  return issue.labels.includes(markerLabel) || issue.description.includes(markerLabel);
}

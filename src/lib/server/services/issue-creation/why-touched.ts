import type { IssueHistory } from '../../adapters/jira/issue-history.ts';

export interface CreatedIssue {
  markerLabel: string;
  /** Employee id of whose launch it was. */
  employeeId: string;
  /** Closing it by us has begun, so its status and labels may have changed by our own hand. */
  closing: boolean;
}

/** Creating an issue and linking it to its neighbours takes Jira less than this. */
const settlingMs = 120_000;
const ourOwnWhenClosing = ['status', 'resolution', 'labels'];
/** What creating writes into the history by itself: links between split stories, and the place on a board. */
const ourOwnAlways = ['link', 'rank'];

/**
 * Why an issue must not be taken back, in a sentence; null where nobody touched it since it was created. What Jira does
 * not show counts as untouched only if the issue's last change came right after its creation.
 */
export function whyTouched(
  issue: IssueHistory,
  { markerLabel, employeeId, closing }: CreatedIssue,
): string | null {
  const carriesMarker = issue.labels.includes(markerLabel) || issue.description.includes(markerLabel);
  if (!carriesMarker) return 'Its marker label was taken off, so it is no longer certain that it is the one.';
  if (issue.creator !== null && !isSame(issue.creator, employeeId))
    return `Jira says that ${issue.creator} created it.`;
  if (issue.comments > 0) return 'Somebody commented on it.';
  if (issue.worklogs > 0) return 'Somebody logged work on it.';
  if (issue.attachments > 0) return 'Somebody attached a file to it.';

  if (issue.changes === null) {
    const { createdAt, updatedAt } = issue;
    const isSettled = createdAt !== null && updatedAt !== null && updatedAt - createdAt <= settlingMs;
    if (isSettled || closing) return null;
    return 'It may have been changed since, and this Jira does not show by whom.';
  }
  for (const { by, fields } of issue.changes) {
    const isOurs = by !== null && isSame(by, employeeId);
    const own = isOurs ? [...ourOwnAlways, ...(closing ? ourOwnWhenClosing : [])] : [];
    const others = fields.filter((field) => !own.includes(field.toLowerCase()));
    if (others.length > 0) return `${isOurs ? 'You' : (by ?? 'Somebody')} changed its ${others.join(', ')}.`;
  }
  return null;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

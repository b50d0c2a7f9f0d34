import type { UndoState } from '../../../contracts/run-event.ts';
import type { UndoDesk } from '../desks/undo-desk.ts';
import { whyTouched } from './why-touched.ts';

export const undoneLabel = 'backlogue-undone';

export interface IssueToUndo {
  issueKey: string;
  markerLabel: string;
  /** Whose launch it was. */
  employeeId: string;
  closing: boolean;
}

/**
 * Takes one issue back as far as may be: deleted, else closed, else labelled; kept where somebody touched it since it
 * was created. Safe to repeat after a crash at any point. Rejects where Jira only failed to answer.
 */
export async function undoIssue(
  desk: UndoDesk,
  issue: IssueToUndo,
  /** Committed before the issue is changed instead of deleted, so that a repeat knows its own traces. */
  markClosing: () => Promise<unknown>,
): Promise<{ state: Exclude<UndoState, 'waiting' | 'failed'>; reason: string | null }> {
  const { issueKey } = issue;
  const history = await desk.history(issueKey);
  if (!history) return { state: 'deleted', reason: null };
  const touched = whyTouched(history, issue);
  if (touched) return { state: 'kept', reason: touched };
  if (await desk.delete(issueKey)) return { state: 'deleted', reason: null };

  await markClosing();
  const status = await desk.close(issueKey);
  if (status !== null)
    return { state: 'closed', reason: `Jira does not let you delete it, so it was moved to ${status}.` };
  if (await desk.label(issueKey, undoneLabel))
    return {
      state: 'labelled',
      reason: `Jira lets you neither delete nor close it, so it carries the label ${undoneLabel}.`,
    };
  return { state: 'kept', reason: 'Jira lets you neither delete, close nor label it.' };
}

import type { Problem } from '../../../contracts/problem.ts';
import type {
  CreationIntent,
  CreationIntentRepository,
} from '../../repositories/creation-intent-repository.ts';
import type { CreationDrafts } from './creation-drafts.ts';
import type { DeskIssue, IssueDesk } from './issue-desk.ts';
import { showOutcome } from './send-intent.ts';

export interface ReconcileDeps {
  intents: CreationIntentRepository;
  drafts: CreationDrafts;
  desk: IssueDesk;
  clock: { now(): number };
  processId: string;
  /** After it, a person decides; the looking ends. */
  horizonMs: number;
  /** Whose token the desk has: an answer for somebody else proves nothing. */
  employeeId: string;
}

/** Pauses between two looks at an unknown outcome, in ms: the index may lag for minutes in a cluster. */
const checkPausesMs = [0, 2_000, 5_000, 15_000, 30_000, 60_000, 120_000];
const checkLeaseMs = 60_000;
/** How many keys beyond the last known one are looked at: others create issues meanwhile. */
const probedKeys = 20;
const absentKeysInARow = 3;

/**
 * Looks for the issue of an intent whose outcome is unknown, and never sends. Found: the intent is created. Not found:
 * looked for again later, until the horizon; then the person is asked. Absence counts only when Jira has just said
 * that the token is this person's, since a search answers "none" to an anonymous caller.
 */
export async function reconcileIntent(
  deps: ReconcileDeps,
  intent: CreationIntent,
): Promise<'found' | 'later' | 'ask' | 'busy'> {
  const { intents, drafts, desk, clock, processId, horizonMs, employeeId } = deps;
  if (!(await intents.lease(intent.id, processId, clock.now() + checkLeaseMs))) return 'busy';

  const issue = await findIssue(desk, intent, employeeId).catch(() => null);
  if (issue) {
    const found = { key: issue.key, url: issue.url };
    await intents.settle(intent.id, ['unknown'], { status: 'created', issue: found });
    await showOutcome(drafts, intent, { status: 'created', issue: found, problem: null });
    return 'found';
  }
  const age = clock.now() - (intent.sentAt ?? clock.now());
  const isOver = age >= horizonMs;
  const pauseMs = checkPausesMs[Math.min(intent.checks + 1, checkPausesMs.length - 1)] ?? 0;
  const problem = isOver ? undecided : stillLooking;
  await intents.settle(intent.id, ['unknown'], {
    status: 'unknown',
    problem,
    nextCheckAt: isOver ? null : clock.now() + pauseMs,
    countCheck: true,
  });
  if (isOver) await showOutcome(drafts, intent, { status: 'unknown', problem });
  return isOver ? 'ask' : 'later';
}

const stillLooking: Problem = {
  code: 'creation_unknown',
  message: 'Jira did not answer whether it created this issue. It is being looked for.',
  hint: 'Nothing is sent a second time by itself.',
  retryable: false,
};

const undecided: Problem = {
  code: 'creation_undecided',
  message: 'Jira never answered whether it created this issue, and it was not found.',
  hint: 'Check again, enter the key if you found it in Jira, or create it anyway.',
  retryable: false,
};

/** By the marker label in the index, and beside it by the keys after the last known one, which needs no index. */
async function findIssue(
  desk: IssueDesk,
  intent: CreationIntent,
  employeeId: string,
): Promise<DeskIssue | null> {
  const answered = await desk.whoAmI();
  if (answered.toLowerCase() !== employeeId.toLowerCase()) return null;
  const { projectKey } = intent.payload;
  for (const key of await desk.findByLabel(projectKey, intent.markerLabel)) {
    const issue = await desk.getIssue(key);
    if (issue && carriesMarker(issue, intent.markerLabel)) return issue;
  }
  let absent = 0;
  const last = await desk.lastIssueNumber(projectKey);
  for (let number = last + 1; number <= last + probedKeys && absent < absentKeysInARow; number += 1) {
    const issue = await desk.getIssue(`${projectKey}-${number}`);
    if (issue && carriesMarker(issue, intent.markerLabel)) return issue;
    absent = issue ? 0 : absent + 1;
  }
  return null;
}

export function carriesMarker(issue: DeskIssue, markerLabel: string): boolean {
  return issue.labels.includes(markerLabel) || issue.description.includes(markerLabel);
}

import type { Problem } from '../../../contracts/problem.ts';
import type { DraftStatus } from '../../../contracts/story.ts';
import type {
  CreationIntent,
  CreationIntentRepository,
} from '../../repositories/creation-intent-repository.ts';
import type { CreationDrafts } from './creation-drafts.ts';
import type { CreateOutcome } from '../../adapters/mcp/create-outcome.ts';
import type { IssueDesk } from './issue-desk.ts';
import { argumentsOf } from './posting.ts';

export interface SendDeps {
  intents: CreationIntentRepository;
  drafts: CreationDrafts;
  desk: IssueDesk;
  clock: { now(): number };
  /** Names this process in leases. */
  processId: string;
  wait: (ms: number) => Promise<void>;
}

/** Longer than the longest create call: within it nobody else takes the intent for abandoned. */
const sendLeaseMs = 180_000;
const longestPauseMs = 60_000;
const attemptsWhenRateLimited = 3;

/**
 * Sends one recorded intent. `sent` is committed before the call leaves; whatever comes back is committed before
 * anybody is told. A call under way is never cut. Does nothing when another process was first.
 */
export async function sendIntent(deps: SendDeps, intent: CreationIntent): Promise<void> {
  const { intents, clock, processId, wait } = deps;
  for (let attempt = 1; ; attempt += 1) {
    const isOurs = await intents.markSent(intent.id, { owner: processId, until: clock.now() + sendLeaseMs });
    if (!isOurs) return;
    await showOutcome(deps.drafts, intent, { status: 'sending', problem: null });
    const outcome = await deps.desk.createIssue(argumentsOf(intent.payload));

    const pauseMs = outcome.kind === 'failed' ? outcome.retryAfterMs : undefined;
    if (pauseMs === undefined || pauseMs > longestPauseMs || attempt >= attemptsWhenRateLimited) {
      await settleOutcome(deps, intent, outcome);
      return;
    }
    // 429 says for certain that nothing was created: the only failure that is sent again without being asked.
    await intents.settle(intent.id, ['sent'], { status: 'recorded' });
    await wait(pauseMs);
  }
}

async function settleOutcome(
  { intents, drafts, clock }: SendDeps,
  intent: CreationIntent,
  outcome: CreateOutcome,
): Promise<void> {
  if (outcome.kind === 'ok') {
    const issue = { key: outcome.key, url: outcome.url };
    await intents.settle(intent.id, ['sent', 'unknown'], { status: 'created', issue });
    await showOutcome(drafts, intent, { status: 'created', issue, problem: null });
    return;
  }
  const status = outcome.kind === 'failed' ? 'failed' : 'unknown';
  const nextCheckAt = status === 'unknown' ? clock.now() : null;
  await intents.settle(intent.id, ['sent'], { status, problem: outcome.problem, nextCheckAt });
  await showOutcome(drafts, intent, { status, problem: outcome.problem });
}

export async function showOutcome(
  drafts: CreationDrafts,
  intent: Pick<CreationIntent, 'id' | 'draftId'>,
  outcome: { status: DraftStatus; issue?: { key: string; url: string }; problem: Problem | null },
): Promise<void> {
  await drafts.saveOutcome(intent.draftId, {
    status: outcome.status,
    intentId: intent.id,
    issue: outcome.issue ?? null,
    problem: outcome.problem,
  });
}

import type { ChatModel, Clock, Ids, ModelAnswer, ModelCall } from '../../agent/ports.ts';
import { estimateTokens } from '../../agent/story-agent.ts';
import type { UsageView } from '../../contracts/usage.ts';
import { ForbiddenError } from '../errors/app-error.ts';
import type { ModelCallRecord, ModelCallRepository } from '../repositories/model-call-repository.ts';
import { requireAdministrator } from './administration/require-administrator.ts';
import type { ModelUsageService } from './model-services.ts';

interface ModelUsageDeps {
  calls: ModelCallRepository;
  /** As config.json says; 0: no limit. */
  tokensPerDay(): number;
  clock: Clock;
  ids: Ids;
  log: { error(detail: object, message: string): void };
}

/** On whose account a model is called. */
export interface ModelAccount {
  userId: string;
  conversationId: string | null;
  runId: string | null;
}

export interface ModelUsage extends ModelUsageService {
  /**
   * The same model, its calls counted. One that would begin over the person's daily budget rejects with
   * `model_budget_spent` and is never sent. Calls that run side by side may pass the budget together, once.
   */
  metered(model: ChatModel, account: ModelAccount): ChatModel;
  /** Removes what is older than anybody looks at; returns how many. */
  removeOld(): Promise<number>;
}

/** A year and a month, so that a month can be compared with the same one a year ago. */
const keptForMs = 400 * 24 * 60 * 60_000;

/** What people use of the model, and how much they may. */
export function createModelUsage({ calls, tokensPerDay, clock, ids, log }: ModelUsageDeps): ModelUsage {
  return {
    metered: (model, account) => ({
      async complete(call) {
        const record = recorder(account, call);
        if (isOverBudget(account.userId, call)) {
          record('refused', null);
          throw budgetSpent(tokensPerDay());
        }
        try {
          const answer = await model.complete({ ...call, onDelta: record.watch(call.onDelta) });
          record(answer.cut ? 'cut' : 'ok', answer);
          return answer;
        } catch (error) {
          record(call.signal.aborted ? 'stopped' : 'failed', null);
          throw error;
        }
      },
    }),
    mine: async ({ userId }) => view(userId),
    async everybody(actor) {
      requireAdministrator(actor);
      return view(null);
    },
    removeOld: () => calls.removeBefore(clock.now() - keptForMs),
  };

  /** A connection test is let through: refusing it would close the features that need it. */
  function isOverBudget(userId: string, { type }: ModelCall): boolean {
    const most = tokensPerDay();
    if (most === 0 || type === 'test') return false;
    const { inputTokens, outputTokens } = calls.usedSince(userId, dayStart(clock.now()));
    return inputTokens + outputTokens >= most;
  }

  function recorder(account: ModelAccount, call: ModelCall) {
    const at = clock.now();
    const startedAt = performance.now();
    let firstTokenMs: number | null = null;
    let written = '';

    function record(outcome: ModelCallRecord['outcome'], answer: ModelAnswer | null): void {
      const totalMs = Math.round(performance.now() - startedAt);
      const cost = outcome === 'refused' ? nothing : costOf(call, writtenOut(answer) ?? written, answer);
      try {
        const row = { id: ids.next(), ...account, callType: call.type, ...cost, firstTokenMs, totalMs };
        calls.record({ ...row, outcome, at });
      } catch (err) {
        // The answer is worth more than its price.
        log.error({ err, user_id: account.userId }, 'What a call of the model cost could not be kept');
      }
    }
    record.watch = (onDelta: ModelCall['onDelta']) => (delta: string) => {
      firstTokenMs ??= Math.round(performance.now() - startedAt);
      written += delta;
      onDelta?.(delta);
    };
    return record;
  }

  function view(userId: string | null): UsageView {
    const now = clock.now();
    return {
      today: calls.usedSince(userId, dayStart(now)),
      month: calls.usedSince(userId, monthStart(now)),
      tokensPerDay: tokensPerDay() || null,
    };
  }
}

const nothing = { inputTokens: 0, outputTokens: 0, isEstimate: false };

/** What the model wrote for people and for tools. */
function writtenOut(answer: ModelAnswer | null): string | undefined {
  return answer?.toolRequests ? answer.text + JSON.stringify(answer.toolRequests) : answer?.text;
}

/** As the model says; else estimated from the text. A call that failed before its first word is taken to cost nothing. */
function costOf(call: ModelCall, text: string, answer: ModelAnswer | null): typeof nothing {
  if (text === '') return nothing;
  const { inputTokens = null, outputTokens = null } = answer ?? {};
  const prompt = () =>
    call.system +
    call.messages.map(({ content }) => content).join('') +
    (call.tools ? JSON.stringify(call.tools) : '');
  return {
    inputTokens: inputTokens ?? estimateTokens(prompt()),
    outputTokens: outputTokens ?? estimateTokens(text),
    isEstimate: inputTokens === null || outputTokens === null,
  };
}

function budgetSpent(most: number): ForbiddenError {
  return new ForbiddenError(
    'model_budget_spent',
    `You have used the ${most.toLocaleString('en-GB')} tokens of the language model that are yours for today.`,
    { hint: 'Everything so far is kept. Continue after midnight UTC, or ask an administrator for more.' },
  );
}

function dayStart(now: number): number {
  const time = new Date(now);
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate());
}

function monthStart(now: number): number {
  const time = new Date(now);
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1);
}

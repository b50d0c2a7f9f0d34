import type { ModelFinding } from '../../contracts/model-check.ts';
import { BusyError } from '../errors/app-error.ts';
import type { ModelCheckService } from './model-services.ts';
import type { Actor, AuditService } from './services.ts';

interface ModelCheckDeps {
  /** The checks against the model as the person reaches it. Throws nothing but the signal's reason. */
  check(actor: Actor, signal: AbortSignal): AsyncIterable<ModelFinding>;
  audit: AuditService;
  longestCheckMs?: number;
}

/** The model's self-test for people: one at a time each, and never without end. */
export function createModelCheck({
  check,
  audit,
  longestCheckMs = 5 * 60_000,
}: ModelCheckDeps): ModelCheckService {
  const underWay = new Set<string>();

  return {
    run(actor, signal) {
      if (underWay.has(actor.userId)) {
        throw new BusyError('check_running', 'A check of the model is running already.', {
          hint: 'Wait until it is done, in this tab or another.',
        });
      }
      underWay.add(actor.userId);
      return findings(actor, signal);
    },
  };

  async function* findings(actor: Actor, outside: AbortSignal): AsyncGenerator<ModelFinding> {
    const timeout = AbortSignal.timeout(longestCheckMs);
    let found = 0;
    let wrong = 0;
    try {
      for await (const finding of check(actor, AbortSignal.any([outside, timeout]))) {
        found += 1;
        if (!finding.ok) wrong += 1;
        yield finding;
      }
    } catch (error) {
      if (outside.aborted) return;
      if (!timeout.aborted) throw error;
      wrong += 1;
      throw tooSlow(longestCheckMs, error);
    } finally {
      underWay.delete(actor.userId);
      const outcome = wrong === 0 ? 'ok' : 'failed';
      audit.record(actor, { action: 'model.check', outcome, detail: { checks: found, wrong } });
    }
  }
}

function tooSlow(longestMs: number, cause: unknown): BusyError {
  return new BusyError('check_timeout', `The check was not done after ${longestMs / 60_000} minutes.`, {
    hint: 'The model is too slow for the agent as it is: look at its load, or choose a smaller one.',
    cause,
  });
}

import type { ConnectionKind } from '../../../contracts/connection.ts';
import { dayInWords } from '../../../contracts/day-in-words.ts';
import { InvalidError } from '../../errors/app-error.ts';
import type { ProbeWatch } from '../configuration-service.ts';
import type { ProbeResult } from '../connection-verdict.ts';
import type { Credential } from '../credentials.ts';
import type { Actor } from '../services.ts';
import type { ProbeDeps } from './connection-probes.ts';
import { asAppError, probeLimitMs, toldWithHint } from './probe-problems.ts';
import { runSteps, type PlannedStep, type StepOutcome } from './run-steps.ts';

/** The way to the system, then what `further` plans once a credential may be shown. */
export async function runProbe(
  { reach, config }: ProbeDeps,
  kind: ConnectionKind,
  { url, tls }: Credential,
  { requestId }: Actor,
  { onSteps, judgeIdentity }: ProbeWatch,
  further: (signal: AbortSignal, proven: ProvenSteps) => PlannedStep[],
): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(probeLimitMs);
  const { connectMs } = config()[kind].timeouts;
  const way = reach({ upstream: kind, url, tls, connectMs, signal });
  let identity: string | null = null;
  let tokenExpiresAt: number | null = null;
  const { hostname, origin } = new URL(url);
  const proven: ProvenSteps = {
    authenticate: (target, ask) => ({
      step: 'authenticate',
      target,
      async run() {
        const answer = await ask();
        identity = answer.identity;
        tokenExpiresAt = answer.tokenExpiresAt ?? null;
        if (tokenExpiresAt === null) return { saw: answer.saw };
        return { saw: `${answer.saw} It runs out on ${dayInWords(tokenExpiresAt)}.` };
      },
    }),
    identity: () => ({ step: 'identity', target: null, run: async () => judged(identity, judgeIdentity) }),
  };
  const plan: PlannedStep[] = [
    { step: 'resolve', target: hostname, run: async () => ({ saw: await way.resolve() }) },
    { step: 'connect', target: origin, run: async () => ({ saw: await way.connect() }) },
    { step: 'tls', target: origin, run: async () => encrypted(await way.encrypt().finally(way.close)) },
    ...further(signal, proven),
  ];
  try {
    const { steps, problem } = await runSteps(plan, {
      onSteps,
      problemOf: (error) => toldWithHint(kind, asAppError(error).toProblem(requestId)),
    });
    return { steps, identity, tokenExpiresAt, problem };
  } finally {
    // Where it came no further than to the connection.
    way.close();
  }
}

/** Steps whose outcome decides whose credential it is. */
export interface ProvenSteps {
  authenticate(target: string, ask: () => Promise<Authenticated>): PlannedStep;
  identity(): PlannedStep;
}

interface Authenticated {
  identity: string | null;
  saw: string;
  tokenExpiresAt?: number | null;
}

function encrypted(saw: string | null): StepOutcome {
  return saw === null
    ? { skipped: 'The address begins with http, so nothing is protected on its way.' }
    : { saw };
}

function judged(identity: string | null, judge: ProbeWatch['judgeIdentity']): StepOutcome {
  const problem = judge(identity);
  if (problem !== null) {
    const { code, message, hint } = problem;
    throw new InvalidError(code, message, { hint });
  }
  if (identity !== null) return { saw: `It answered as ${identity}: that is you.` };
  return { skipped: 'It cannot tell whose credential it got. The configuration allows that.' };
}

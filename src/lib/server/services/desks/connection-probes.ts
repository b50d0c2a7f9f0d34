import type { ConnectionKind } from '../../../contracts/connection.ts';
import type { ChatModel } from '../../../agent/ports.ts';
import { AppError, BusyError } from '../../errors/app-error.ts';
import type { Probe } from '../configuration-service.ts';
import type { ProbeResult } from '../connection-verdict.ts';
import type { Credential } from '../credentials.ts';
import type { Actor } from '../services.ts';
import type { RemoteAccess } from './remote-access.ts';

/** The model with a credential that is being tested. */
export interface ProbedModel {
  whoAmI(signal: AbortSignal): Promise<string | null>;
  model: ChatModel;
}

interface ProbeDeps {
  remotes: RemoteAccess;
  modelWith: (credential: Credential, actor: Actor) => ProbedModel;
}

/** No test takes longer: somebody waits for it. */
const probeLimitMs = 30_000;

/** What a connection test calls, in order; it stops at the first call that fails. */
export function createProbes({ remotes, modelWith }: ProbeDeps): Record<ConnectionKind, Probe> {
  return {
    jira: (credential, { requestId }) => {
      const jira = remotes.jiraWith({ ...credential, requestId }, AbortSignal.timeout(probeLimitMs));
      return probe([
        {
          what: 'Who am I',
          target: `${credential.url}/rest/api/2/myself`,
          call: async () => (await jira.myself()).name,
          saysIdentity: true,
        },
        {
          what: 'Projects',
          target: `${credential.url}/rest/api/2/project`,
          call: async () => `${(await jira.projects()).length} visible`,
        },
      ]);
    },
    confluence: (credential, { requestId }) => {
      const confluence = remotes.confluenceWith(
        { ...credential, requestId },
        AbortSignal.timeout(probeLimitMs),
      );
      return probe([
        {
          what: 'Who am I',
          target: `${credential.url}/rest/api/user/current`,
          call: async () => (await confluence.currentUser()).username,
          saysIdentity: true,
        },
        {
          what: 'Spaces',
          target: `${credential.url}/rest/api/space`,
          call: async () => `${(await confluence.spaces()).length} visible`,
        },
      ]);
    },
    llm: (credential, actor) => {
      const { whoAmI, model } = modelWith(credential, actor);
      const signal = AbortSignal.timeout(probeLimitMs);
      return probe([
        { what: 'Who am I', target: credential.url, call: () => whoAmI(signal), saysIdentity: true },
        { what: 'A short answer', target: credential.url, call: () => askShortly(model, signal) },
      ]);
    },
  };
}

interface ProbeCall {
  what: string;
  target: string;
  /** Resolves to what came back, in a word or two; null where it cannot tell. */
  call: () => Promise<string | null>;
  saysIdentity?: boolean;
}

async function probe(steps: readonly ProbeCall[]): Promise<ProbeResult> {
  const result: ProbeResult = { calls: [], identity: null, problem: null };
  for (const { what, target, call, saysIdentity } of steps) {
    const startedAt = performance.now();
    const done = (outcome: string) =>
      result.calls.push({ what, target, durationMs: Math.round(performance.now() - startedAt), outcome });
    try {
      const answer = await call();
      done(answer ?? 'does not tell');
      if (saysIdentity) result.identity = answer;
    } catch (error) {
      const failure = asAppError(error);
      done(failure.message);
      result.problem = failure.toProblem();
      return result;
    }
  }
  return result;
}

async function askShortly(model: ChatModel, signal: AbortSignal): Promise<string> {
  let pieces = 0;
  const { text } = await model.complete({
    type: 'test',
    system: 'Answer in one short sentence.',
    messages: [{ role: 'user', content: 'Are you there?' }],
    signal,
    onDelta: () => (pieces += 1),
  });
  return `${text.length} characters in ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`;
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new BusyError('test_timeout', `Nothing usable came within ${probeLimitMs / 1_000} seconds.`, {
      hint: 'Look whether the system is slow today, then test again.',
    });
  }
  throw error;
}

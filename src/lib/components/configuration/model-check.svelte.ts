import { z } from 'zod';
import { modelFindingSchema, type ModelFinding } from '$lib/contracts/model-check';
import { problemSchema, type Problem } from '$lib/contracts/problem';
import { linesOf } from '../line-stream.ts';

const refusalSchema = z.object({ problem: problemSchema });

const connectionLost: Problem = {
  code: 'check_lost',
  message: 'The connection to Backlogue was lost before the check was done.',
  hint: 'Check again.',
  retryable: true,
};

/** One check of the model at a time, its findings as they come. */
export function createModelCheck(url: string) {
  let running = $state(false);
  let findings = $state<ModelFinding[]>([]);
  let problem = $state<Problem | null>(null);
  let leave = new AbortController();

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    findings = [];
    problem = null;
    leave = new AbortController();
    try {
      const response = await fetch(url, { method: 'POST', signal: leave.signal });
      for await (const line of linesOf(response)) take(JSON.parse(line));
    } catch {
      if (!leave.signal.aborted) problem = connectionLost;
    } finally {
      running = false;
    }
  }

  function take(line: unknown): void {
    const refusal = refusalSchema.safeParse(line);
    if (refusal.success) problem = refusal.data.problem;
    else findings.push(modelFindingSchema.parse(line));
  }

  return {
    get running() {
      return running;
    },
    get findings() {
      return findings;
    },
    get problem() {
      return problem;
    },
    run,
    /** Ends the check on the server too. */
    stop: () => leave.abort(),
  };
}

import {
  connectionTestLineSchema,
  type ConnectionKind,
  type ConnectionStep,
  type ConnectionTest,
} from '$lib/contracts/connection';
import type { Problem } from '$lib/contracts/problem';
import { linesOf } from '../line-stream.ts';

const connectionLost: Problem = {
  code: 'test_lost',
  message: 'The connection to Backlogue was lost before the test was done.',
  hint: 'It may have gone on without you: reload the page to see its result, or test again.',
  retryable: true,
};

/** One test of a connection at a time, its steps as they come. */
export function createConnectionTest(url: string) {
  let running = $state(false);
  let steps = $state.raw<ConnectionStep[]>([]);
  let result = $state.raw<ConnectionTest | null>(null);
  let problem = $state.raw<Problem | null>(null);

  /** Tests what is stored. Resolves when the test is over, however it went. */
  async function run(kind: ConnectionKind): Promise<void> {
    if (running) return;
    forget();
    running = true;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind }),
      });
      for await (const line of linesOf(response)) take(line);
      if (!result && !problem) problem = connectionLost;
    } catch {
      problem = connectionLost;
    } finally {
      running = false;
    }
  }

  function take(text: string): void {
    const line = connectionTestLineSchema.parse(JSON.parse(text));
    if ('steps' in line) steps = line.steps;
    else if ('test' in line) result = line.test;
    else problem = line.problem;
  }

  /** What was seen belongs to what was stored then. */
  function forget(): void {
    steps = [];
    result = null;
    problem = null;
  }

  return {
    get running() {
      return running;
    },
    get steps() {
      return steps;
    },
    get result() {
      return result;
    },
    get problem() {
      return problem;
    },
    run,
    forget,
  };
}

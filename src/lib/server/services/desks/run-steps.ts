import type { ConnectionStep, ConnectionStepName } from '../../../contracts/connection.ts';
import type { Problem } from '../../../contracts/problem.ts';

/** What a step that went well came to; a step that does not apply says why. */
export type StepOutcome = { saw: string } | { skipped: string };

export interface PlannedStep {
  step: ConnectionStepName;
  /** What is called. */
  target: string | null;
  run(): Promise<StepOutcome>;
}

interface RunOptions {
  /** Told of all steps whenever one of them changes; what it gets is never changed afterwards. */
  onSteps(steps: ConnectionStep[]): void;
  /** What a failure means for the person. It throws what is no failure of the step. */
  problemOf(error: unknown): Problem;
}

/** Does the steps in their order. The first that fails ends it: those after it are skipped. */
export async function runSteps(
  plan: readonly PlannedStep[],
  { onSteps, problemOf }: RunOptions,
): Promise<{ steps: ConnectionStep[]; problem: Problem | null }> {
  let steps = plan.map(({ step, target }): ConnectionStep => ({ step, target, ...untouched }));
  let problem: Problem | null = null;
  const becomes = (index: number, change: Partial<ConnectionStep>) => {
    steps = steps.map((step, at) => (at === index ? { ...step, ...change } : step));
    onSteps(steps);
  };

  onSteps(steps);
  for (const [index, { run }] of plan.entries()) {
    becomes(index, { state: 'running' });
    const startedAt = performance.now();
    const durationMs = () => Math.round(performance.now() - startedAt);
    try {
      const outcome = await run();
      if ('saw' in outcome)
        becomes(index, { state: 'passed', sentence: outcome.saw, durationMs: durationMs() });
      else becomes(index, { state: 'skipped', sentence: outcome.skipped });
    } catch (error) {
      problem = problemOf(error);
      steps = steps.map((step, at) => (at > index ? { ...step, state: 'skipped' } : step));
      becomes(index, { state: 'failed', problem, durationMs: durationMs() });
      break;
    }
  }
  return { steps, problem };
}

const untouched = { state: 'waiting', durationMs: null, sentence: null, problem: null } as const;

import type { AgentStep } from '../contracts/run-event.ts';
import type { RunContext } from './ports.ts';

/**
 * Names a stretch of work to the person and ends its name however the work ends. `doneLabel` may say what came of it.
 */
export async function inStep<T>(
  context: Pick<RunContext, 'step'>,
  step: AgentStep,
  label: string,
  work: () => Promise<T>,
  doneLabel: (result: T) => string = () => label,
): Promise<T> {
  const end = context.step(step, label);
  try {
    const result = await work();
    end({ label: doneLabel(result) });
    return result;
  } catch (error) {
    end({ failed: true });
    throw error;
  }
}

/** "1 story", "3 stories". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

import { installDependencies } from './dependencies.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { provideRuntime } from './runtime.mjs';
import { exitCodes } from './setup-error.mjs';
import { checkOutcome, countLine } from './test-outcome.mjs';
import { testSteps } from './test-steps.mjs';

/**
 * `npm test [-- STEP...]`: every check and test of the project. All steps run even when one fails, and
 * the last line counts them.
 */
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !testSteps.some((step) => step.name === name));
if (unknown.length > 0) {
  const names = testSteps.map(({ name }) => name).join(', ');
  process.stderr.write(`Unknown step "${unknown.join('", "')}"; there are: ${names}.\n`);
  process.exitCode = exitCodes.wrongUsage;
} else {
  const needed = testSteps.filter(({ name }) => wanted.includes(name)).map(({ needs }) => needs);
  const steps = testSteps.filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name) || needed.includes(name),
  );
  const outcomes = await runSteps(steps);
  printSkipped(outcomes);
  process.stdout.write(`${countLine(outcomes)}\n`);
  process.exitCode = outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

async function runSteps(steps) {
  const runtime = await setUp();
  if (runtime === undefined) return [checkOutcome(false)];
  const outcomes = new Map();
  const alongside = steps.filter((step) => step.alongside);
  await Promise.all([runInTurn(), runInTurn()]);
  for (const step of steps.filter((step) => !step.alongside)) await runStep(step);
  return [...outcomes.values()];

  async function runInTurn() {
    for (let step = alongside.shift(); step; step = alongside.shift()) await runStep(step);
  }

  async function runStep({ name, needs, run }) {
    if (outcomes.get(needs)?.failed > 0) {
      process.stdout.write(`\n== ${name}: not run, because ${needs} failed\n`);
      return;
    }
    process.stdout.write(`\n== ${name}\n`);
    const startedAt = performance.now();
    const outcome = await run(runtime);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    process.stdout.write(`== ${name}: ${countLine([outcome])} (${seconds} s)\n`);
    outcomes.set(name, outcome);
  }
}

/** Nothing can run without these, so a failure here is the only outcome there is. */
async function setUp() {
  try {
    const { node, env } = await provideRuntime();
    // Tools that colour a file or a pipe make a log that nobody can search.
    const runtime = { node, env: process.stdout.isTTY ? env : { ...env, NO_COLOR: '1' } };
    await installDependencies(runtime);
    // Makes the types of the routes, which the lint and type checks read.
    await runProcess('svelte-kit', ['sync'], { cwd: projectRoot, env: runtime.env });
    return runtime;
  } catch (error) {
    process.stderr.write(`${error.details ?? ''}\n${error.message}\n`);
    return undefined;
  }
}

function printSkipped(outcomes) {
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  if (skipped.length > 0) process.stdout.write('\nSkipped:\n');
  for (const { name, reason } of skipped) process.stdout.write(`  ${name}: ${reason}\n`);
  process.stdout.write('\n');
}

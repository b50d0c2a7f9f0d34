import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { provideBrowser } from './browser.mjs';
import { buildIfNeeded } from './build.mjs';
import { judgeCoverage } from './coverage.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { checkOutcome, playwrightOutcome, testsOutcome } from './test-outcome.mjs';

const OUTPUT_FOLDER = join(projectRoot, '.test-output');

/**
 * The steps of `npm test`, in their order. Each runs by itself too: `npm test -- NAME`.
 * @type {{ name: string, needs?: string, alongside?: true, run: (runtime: Runtime) => Promise<import('./test-outcome.mjs').Outcome> }[]}
 *   a step is left out when the one that it `needs` has failed; those `alongside` each other only read, and run two at a
 *   time before the others
 * @typedef {{ node: string, env: NodeJS.ProcessEnv }} Runtime
 */
export const testSteps = [
  { name: 'format', alongside: true, run: check(['prettier', '--check', '--log-level', 'warn', '.']) },
  { name: 'lint', alongside: true, run: check(['eslint', '--max-warnings', '0', '.']) },
  {
    name: 'types',
    alongside: true,
    run: check(['svelte-check', '--fail-on-warnings', '--output', 'human'], ['tsc', '--noEmit']),
  },
  {
    name: 'boundaries',
    alongside: true,
    run: check(['depcruise', '--config', '.dependency-cruiser.cjs', 'src']),
  },
  // Before the tests that start what is built: a build inside a test's set-up would use up its time.
  { name: 'build', run: build },
  { name: 'unit', run: vitest('unit', { covered: true }) },
  { name: 'contracts', run: vitest('contracts') },
  { name: 'integration', run: vitest('integration', { covered: true }) },
  // These two look at what the unit and integration tests have left behind: the queries, and the lines that they ran.
  { name: 'plans', run: vitest('plans') },
  { name: 'coverage', run: coverage },
  { name: 'faults', needs: 'build', run: vitest('faults') },
  { name: 'e2e', needs: 'build', run: browserTests },
];

/** A step that passes if all its commands do. Later ones are not run after a failure; what they print comes at once. */
function check(...commands) {
  return async ({ env }) => {
    const printed = [];
    let code = 0;
    for (const [command, ...args] of commands) {
      if (code !== 0) break;
      const ended = await runProcess(command, args, { cwd: projectRoot, env, capture: true });
      code = ended.code;
      printed.push(ended.output);
    }
    process.stdout.write(printed.join(''));
    return checkOutcome(code === 0);
  };
}

function vitest(project, { covered = false } = {}) {
  return async ({ env }) => {
    const file = freshReport(project);
    const reporters = ['--reporter', 'dot', '--reporter', './scripts/vitest-outcome.mjs'];
    const coverage = covered
      ? ['--coverage.enabled', `--coverage.reportsDirectory=${coverageFolder(project)}`]
      : [];
    const { code } = await runProcess('vitest', ['run', '--project', project, ...reporters, ...coverage], {
      cwd: projectRoot,
      env: { ...env, OUTCOME_FILE: file },
    });
    return testsOutcome(readReport(file), code);
  };
}

function coverageFolder(project) {
  return join(OUTPUT_FOLDER, 'coverage', project);
}

async function coverage() {
  const reports = ['unit', 'integration'].map((project) =>
    join(coverageFolder(project), 'coverage-final.json'),
  );
  const { report, failures } = judgeCoverage(reports);
  process.stdout.write(`${report}\n`);
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  return checkOutcome(failures.length === 0);
}

async function build(runtime) {
  try {
    await buildIfNeeded(runtime);
    return checkOutcome(true);
  } catch (error) {
    process.stderr.write(`${error.details ?? ''}\n${error.message}\n`);
    return checkOutcome(false);
  }
}

async function browserTests(runtime) {
  const browser = await provideBrowser(runtime);
  if ('missing' in browser) {
    process.stderr.write(`${browser.missing}\n`);
    return checkOutcome(false);
  }
  const file = freshReport('e2e');
  const { code } = await runProcess('playwright', ['test', '--project', 'e2e', '--reporter', 'line,json'], {
    cwd: projectRoot,
    env: { ...runtime.env, CHROMIUM_PATH: browser.path, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  });
  const report = readReport(file);
  return testsOutcome(report && playwrightOutcome(report), code);
}

/** A report of an earlier run must not be taken for this one's. */
function freshReport(name) {
  mkdirSync(OUTPUT_FOLDER, { recursive: true });
  const file = join(OUTPUT_FOLDER, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

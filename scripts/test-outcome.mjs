/**
 * How a step of `npm test` went.
 * @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} Outcome
 */

/** @returns {Outcome} of a step that is a single check */
export function checkOutcome(succeeded) {
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: [] };
}

/**
 * The outcome of a step that runs tests. No report, no test at all, or a runner that failed although
 * every test passed: each counts as one failure.
 * @param {Outcome | undefined} reported
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function testsOutcome(reported, exitCode) {
  const outcome = reported ?? { passed: 0, failed: 0, skipped: [] };
  const ranNothing = outcome.passed + outcome.failed + outcome.skipped.length === 0;
  const failedSilently = exitCode !== 0 && outcome.failed === 0;
  return ranNothing || failedSilently ? { ...outcome, failed: outcome.failed + 1 } : outcome;
}

/**
 * Reads Playwright's JSON report.
 * @param {{ suites?: object[], errors?: object[] }} report
 * @returns {Outcome}
 */
export function playwrightOutcome(report) {
  const tests = (report.suites ?? []).flatMap((suite) => testsIn(suite, []));
  return {
    passed: tests.filter(({ status }) => status === 'expected').length,
    failed:
      tests.filter(({ status }) => status === 'unexpected' || status === 'flaky').length +
      (report.errors ?? []).length,
    skipped: tests.filter(({ status }) => status === 'skipped').map(({ name, reason }) => ({ name, reason })),
  };
}

/**
 * The line that ends `npm test`.
 * @param {Outcome[]} outcomes
 */
export function countLine(outcomes) {
  const sum = (count) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const skipped = sum((outcome) => outcome.skipped.length);
  const line = `${sum((outcome) => outcome.passed)} passed, ${sum((outcome) => outcome.failed)} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

function testsIn(suite, titles) {
  const path = [...titles, suite.title].filter(Boolean);
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({
      name: [...path, spec.title].join(' › '),
      status: test.status,
      reason:
        test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ??
        'no reason given',
    })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((child) => testsIn(child, path))];
}

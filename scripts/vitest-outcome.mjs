import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A vitest reporter that writes how a run went to the file in OUTCOME_FILE, in the runner's own terms.
 * vitest's JSON report leaves out why a test was skipped.
 */
export default class VitestOutcome {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state) => tests.filter((test) => test.result().state === state);
    const brokenModules = modules.filter((module) => module.errors().length > 0);
    const outcome = {
      passed: inState('passed').length,
      failed: inState('failed').length + brokenModules.length + unhandledErrors.length,
      skipped: inState('skipped').map((test) => ({
        name: `${test.module.relativeModuleId}: ${test.fullName}`,
        reason: test.result().note ?? 'no reason given',
      })),
    };
    const file = process.env.OUTCOME_FILE;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(outcome));
  }
}

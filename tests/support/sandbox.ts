import { startSandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../src/lib/sandbox/start-sandbox.ts';

/** The practice systems on free ports with a store in memory. Close them after the test. */
export function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({ dataDir: ':memory:', ...options });
}

import type { CatalogTool, TestedSchemas } from '../repositories/tool-catalog-repository.ts';

/**
 * The schema hashes that count as tested once `tools` were found. After a test, those that are there. Otherwise a tool
 * keeps the hash that it was first seen with, also while it is gone, so that it cannot come back as another one.
 */
export function testedSchemas(
  before: TestedSchemas,
  tools: readonly CatalogTool[],
  { afterTest }: { afterTest: boolean },
): TestedSchemas {
  const found = Object.fromEntries(tools.map(({ name, schemaHash }) => [name, schemaHash]));
  return afterTest ? found : { ...found, ...before };
}

/** Whether a tool is off: it writes, and what it takes is not what was tested. */
export function isSwitchedOff({ name, readOnly, schemaHash }: CatalogTool, tested: TestedSchemas): boolean {
  return !readOnly && tested[name] !== schemaHash;
}

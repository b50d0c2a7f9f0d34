import type { ConfigFinding } from './config-problem.ts';
import { placeholdersOf, textsOf } from './placeholders.ts';

/** A finding for each placeholder of a template that is not one of `known`. */
export function unknownPlaceholders(
  template: unknown,
  known: readonly string[],
  root: readonly string[],
): ConfigFinding[] {
  const expected = known.length === 0 ? 'no placeholder here' : `one of ${known.map(written).join(', ')}`;
  const findings: ConfigFinding[] = [];
  for (const { text, path } of textsOf(template, root)) {
    for (const name of placeholdersOf(text)) {
      if (known.includes(name)) continue;
      findings.push({ path, message: `expected ${expected}, found ${written(name)}` });
    }
  }
  return findings;
}

function written(name: string): string {
  return `{{${name}}}`;
}

import type { ConfigFinding } from './config-problem.ts';
import { textsOf } from './placeholders.ts';
import type { Environment } from './settings.ts';

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

interface FilledIn {
  value: unknown;
  /** What came from the environment: secrets, for all we know. */
  filled: string[];
  findings: ConfigFinding[];
}

/**
 * Replaces `${NAME}` in every text of a JSON value by the environment variable NAME. An unset or empty one is a
 * finding, so that a call never goes out with a hole in its header.
 */
export function fillFromEnvironment(value: unknown, env: Environment): FilledIn {
  const filled = new Set<string>();
  const findings: ConfigFinding[] = [];
  for (const { text, path } of textsOf(value)) {
    for (const [, name = ''] of text.matchAll(reference)) {
      const variable = env[name];
      if (variable) filled.add(variable);
      else findings.push({ path, message: `expected the environment variable ${name} to be set` });
    }
  }
  const replace = (text: string) => text.replace(reference, (_whole, name: string) => env[name] ?? '');
  return { value: mapTexts(value, replace), filled: [...filled], findings };
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((child) => mapTexts(child, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, mapTexts(child, change)]));
}

import type { z } from 'zod';
import type { ConfigFinding } from './config-problem.ts';
import type { JsonDocument } from './json-document.ts';

type Issue = z.core.$ZodIssue;

/** Says in words what a schema expected, and what stands in the file instead: one finding for each unknown key. */
export function describeIssue(issue: Issue, document: JsonDocument): ConfigFinding[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `expected a known key, found "${key}"`,
    }));
  }
  const found = document.written(path);
  return [{ path, message: `expected ${expectation(issue)}, found ${found ?? 'nothing'}` }];
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map((value) => JSON.stringify(value)));
    case 'invalid_union':
      return 'options' in issue && issue.options
        ? oneOf(issue.options.map((value) => JSON.stringify(value)))
        : 'another value';
    case 'too_small':
      return `at least ${amount(issue.origin, Number(issue.minimum))}`;
    case 'too_big':
      return `at most ${amount(issue.origin, Number(issue.maximum))}`;
    case 'invalid_format':
      return expectedFormat(issue);
    default:
      return lowerFirst(issue.message);
  }
}

const TYPE_NAMES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function expectedFormat(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  if (issue.format === 'url') return 'a URL that starts with http:// or https://';
  if (issue.format === 'starts_with' && 'prefix' in issue)
    return `a text that starts with "${String(issue.prefix)}"`;
  if (issue.message.startsWith('Invalid') && 'pattern' in issue)
    return `a text of the form ${String(issue.pattern)}`;
  return lowerFirst(issue.message);
}

function amount(origin: string, count: number): string {
  if (origin === 'string') return `${count} character${count === 1 ? '' : 's'}`;
  if (origin === 'array') return `${count} entr${count === 1 ? 'y' : 'ies'}`;
  return String(count);
}

function oneOf(values: string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

import { parseBooleanQuery, type BooleanQuery, type Comparison, type Condition } from '../boolean-query.ts';
import type { Clock } from '../clock.ts';
import type { People, PracticePerson } from '../people.ts';
import { QuerySyntaxError } from '../query-tokens.ts';
import type { Issue, IssueStore } from './issue-store.ts';
import { findJqlField, type JqlContext, type JqlField } from './jql-fields.ts';

/** A query that Jira would refuse; the messages are what it would say, all of them at once. */
export class JqlError extends Error {
  readonly messages: readonly string[];
  constructor(messages: readonly string[]) {
    super(messages.join(' '));
    this.name = 'JqlError';
    this.messages = messages;
  }
}

/**
 * The issues that a person's query finds, in the order that it asks for (newest first by default).
 * @throws JqlError for a query that cannot be read, or that names unknown fields or values.
 */
export function searchIssues(
  jql: string,
  deps: { issues: IssueStore; people: People; person: PracticePerson; clock: Clock },
): Issue[] {
  const query = parse(jql);
  const context: JqlContext = {
    ...deps,
    now: deps.clock.now(),
    messages: [],
    canSee: (issue) => deps.person.browsableProjects.includes(issue.projectKey),
  };
  const isWanted = query.where ? compile(query.where, context) : () => true;
  const compare = compileOrder(query, context);
  if (context.messages.length > 0) throw new JqlError(context.messages);
  return deps.issues
    .all()
    .filter((issue) => context.canSee(issue) && isWanted(issue))
    .sort(compare);
}

type IssueTest = (issue: Issue) => boolean;

function parse(jql: string): BooleanQuery {
  try {
    return parseBooleanQuery(jql);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    throw new JqlError([`Error in the JQL Query: ${error.message} (line 1, character ${error.column})`]);
  }
}

function compile(condition: Condition, context: JqlContext): IssueTest {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.parts.map((part) => compile(part, context));
      return (issue) => tests.every((test) => test(issue));
    }
    case 'or': {
      const tests = condition.parts.map((part) => compile(part, context));
      return (issue) => tests.some((test) => test(issue));
    }
    case 'not': {
      const test = compile(condition.part, context);
      return (issue) => !test(issue);
    }
    case 'comparison':
      return compileComparison(condition, context);
  }
}

function compileComparison(comparison: Comparison, context: JqlContext): IssueTest {
  const field = knownField(comparison.field, context);
  if (!field) return () => false;
  if (!field.operators.includes(comparison.operator)) {
    context.messages.push(
      `The operator '${comparison.operator}' is not supported by the '${comparison.field}' field.`,
    );
    return () => false;
  }
  // EMPTY means the same on every field: no value at all.
  if (comparison.operand.kind === 'empty') {
    const wantsEmpty = comparison.operator === 'is' || comparison.operator === '=';
    return (issue) => field.isEmpty(issue) === wantsEmpty;
  }
  const test = field.compile(comparison, context);
  // As in Jira, an issue without a value matches no comparison, not even a negative one.
  return (issue) => !field.isEmpty(issue) && test(issue);
}

function compileOrder(query: BooleanQuery, context: JqlContext): (left: Issue, right: Issue) => number {
  const keys = query.orderBy.flatMap(({ field: name, descending }) => {
    const field = knownField(name, context);
    if (!field) return [];
    if (!field.sortBy) context.messages.push(`Not able to sort using field '${name}'.`);
    return field.sortBy ? [{ sortBy: field.sortBy, sign: descending ? -1 : 1 }] : [];
  });
  return (left, right) => {
    for (const { sortBy, sign } of keys) {
      const difference = compareValues(sortBy(left), sortBy(right));
      if (difference !== 0) return sign * difference;
    }
    return right.id - left.id;
  };
}

function knownField(name: string, context: JqlContext): JqlField | undefined {
  const field = findJqlField(name);
  if (!field) {
    context.messages.push(`Field '${name}' does not exist or you do not have permission to view it.`);
  }
  return field;
}

function compareValues(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right));
}

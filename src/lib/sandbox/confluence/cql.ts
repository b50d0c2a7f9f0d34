import {
  parseBooleanQuery,
  type BooleanQuery,
  type Comparison,
  type Condition,
  type Operator,
} from '../boolean-query.ts';
import { QuerySyntaxError } from '../query-tokens.ts';
import { matchesText } from '../text-match.ts';
import type { WikiPage } from './page-store.ts';
import { findSpace } from './spaces.ts';
import { storageToText } from './storage-text.ts';

/** A query that Confluence would refuse. */
export class CqlError extends Error {
  constructor(reason: string) {
    super(`Could not parse cql : ${reason}`);
    this.name = 'CqlError';
  }
}

/**
 * The pages that a query finds, in the order that it asks for (latest change first by default).
 * @throws CqlError for a query that cannot be read, or that uses what this practice Confluence does not know.
 */
export function searchPages(cql: string, pages: readonly WikiPage[]): WikiPage[] {
  const query = parse(cql);
  const isWanted = query.where ? compile(query.where) : () => true;
  const compare = compileOrder(query);
  return pages.filter(isWanted).sort(compare);
}

type PageTest = (page: WikiPage) => boolean;

function parse(cql: string): BooleanQuery {
  if (cql.trim() === '') throw new CqlError('the query is empty');
  try {
    return parseBooleanQuery(cql);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    throw new CqlError(`${cql} (${error.message} At character ${error.column}.)`);
  }
}

function compile(condition: Condition): PageTest {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.parts.map(compile);
      return (page) => tests.every((test) => test(page));
    }
    case 'or': {
      const tests = condition.parts.map(compile);
      return (page) => tests.some((test) => test(page));
    }
    case 'not': {
      const test = compile(condition.part);
      return (page) => !test(page);
    }
    case 'comparison':
      return compileComparison(condition);
  }
}

interface CqlField {
  readonly operators: readonly Operator[];
  compile(wanted: readonly string[], operator: Operator): PageTest;
}

const equality: Operator[] = ['=', '!=', 'in', 'not in'];

// A Map and not an object: a query may well ask for a field called "constructor".
const fields = new Map<string, CqlField>(
  Object.entries({
    type: choice(() => 'page'),
    space: choice(
      (page) => page.spaceKey.toLowerCase(),
      (key) => {
        if (!findSpace(key)) throw new CqlError(`the space '${key}' does not exist, or you may not view it`);
      },
    ),
    id: choice((page) => String(page.id)),
    creator: choice((page) => page.createdBy.toLowerCase()),
    title: {
      operators: ['=', '!=', '~', '!~'],
      compile: ([wanted = ''], operator) => {
        const matches: PageTest = operator.endsWith('~')
          ? (page) => matchesText(page.title, wanted)
          : (page) => page.title.toLowerCase() === wanted.toLowerCase();
        return operator.startsWith('!') ? (page) => !matches(page) : matches;
      },
    },
    text: fullText((page) => storageToText(page.storage)),
    sitesearch: fullText((page) => `${page.title}\n${storageToText(page.storage)}`),
  }),
);

function compileComparison({ field, operator, operand }: Comparison): PageTest {
  const known = fields.get(field.toLowerCase());
  if (!known) throw new CqlError(`the field '${field}' is not known here`);
  if (!known.operators.includes(operator)) {
    throw new CqlError(`the operator '${operator}' is not supported by the field '${field}'`);
  }
  return known.compile(textsOf(operand), operator);
}

function textsOf(operand: Comparison['operand']): string[] {
  if (operand.kind === 'list') return operand.members.flatMap((member) => textsOf(member));
  if (operand.kind === 'value') return [operand.text];
  throw new CqlError(
    operand.kind === 'call' ? `the function '${operand.name}' is not known here` : 'a value is missing',
  );
}

function choice(valueOf: (page: WikiPage) => string, check: (text: string) => void = () => {}): CqlField {
  return {
    operators: equality,
    compile(wanted, operator) {
      wanted.forEach(check);
      const values = new Set(wanted.map((text) => text.toLowerCase()));
      const isNegative = operator === '!=' || operator === 'not in';
      return (page) => values.has(valueOf(page)) !== isNegative;
    },
  };
}

function fullText(textOf: (page: WikiPage) => string): CqlField {
  return {
    operators: ['~', '!~'],
    compile:
      ([wanted = ''], operator) =>
      (page) =>
        matchesText(textOf(page), wanted) === (operator === '~'),
  };
}

function compileOrder({ orderBy }: BooleanQuery): (left: WikiPage, right: WikiPage) => number {
  const keys = orderBy.map(({ field, descending }) => {
    const sortBy = sortKeys.get(field.toLowerCase());
    if (!sortBy) throw new CqlError(`the results cannot be ordered by '${field}'`);
    return (left: WikiPage, right: WikiPage) => (descending ? -1 : 1) * sortBy(left, right);
  });
  return (left, right) => {
    for (const compare of keys) {
      const difference = compare(left, right);
      if (difference !== 0) return difference;
    }
    return right.updatedAt - left.updatedAt || right.id - left.id;
  };
}

const sortKeys = new Map<string, (left: WikiPage, right: WikiPage) => number>([
  ['lastmodified', (left, right) => left.updatedAt - right.updatedAt],
  ['created', (left, right) => left.createdAt - right.createdAt],
  ['title', (left, right) => left.title.localeCompare(right.title)],
]);

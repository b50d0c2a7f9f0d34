import { QuerySyntaxError, TokenReader } from './query-tokens.ts';

/**
 * The grammar that JQL and CQL share: clauses joined by AND, OR, NOT and parentheses, then ORDER BY.
 * What fields mean, and which operators they take, is each product's own business.
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | Comparison;

export interface Comparison {
  readonly kind: 'comparison';
  readonly field: string;
  readonly operator: Operator;
  readonly operand: Operand;
}

export type Operator = '=' | '!=' | '~' | '!~' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not';

export type Operand =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'list'; readonly members: readonly Exclude<Operand, { kind: 'list' | 'empty' }>[] }
  | { readonly kind: 'empty' };

export interface BooleanQuery {
  /** Null where the query is only an ORDER BY, or empty. */
  readonly where: Condition | null;
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[];
}

/**
 * Reads a JQL or CQL query.
 * @throws QuerySyntaxError, and nothing else, for text that is not one.
 */
export function parseBooleanQuery(source: string): BooleanQuery {
  const tokens = new TokenReader(source);
  const where = tokens.atEnd() || tokens.isKeyword('order') ? null : readOr(tokens, 0);
  const orderBy = readOrderBy(tokens);
  if (!tokens.atEnd()) throw tokens.unexpected("'AND', 'OR' or the end of the query");
  return { where, orderBy };
}

// Deep nesting would otherwise end in a stack overflow, which is not an error that we promise.
const maxDepth = 100;

function readOr(tokens: TokenReader, depth: number): Condition {
  const parts = [readAnd(tokens, depth)];
  while (tokens.takeKeyword('or') || tokens.takeSymbol('||', '|')) parts.push(readAnd(tokens, depth));
  return joined('or', parts);
}

function readAnd(tokens: TokenReader, depth: number): Condition {
  const parts = [readNot(tokens, depth)];
  while (tokens.takeKeyword('and') || tokens.takeSymbol('&&', '&')) parts.push(readNot(tokens, depth));
  return joined('and', parts);
}

function joined(kind: 'and' | 'or', parts: Condition[]): Condition {
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind, parts };
}

function readNot(tokens: TokenReader, depth: number): Condition {
  if (depth > maxDepth) throw new QuerySyntaxError('The query is nested too deeply.', tokens.peek().column);
  if (tokens.takeKeyword('not') || tokens.takeSymbol('!')) {
    return { kind: 'not', part: readNot(tokens, depth + 1) };
  }
  if (tokens.takeSymbol('(')) {
    const inner = readOr(tokens, depth + 1);
    if (!tokens.takeSymbol(')')) throw tokens.unexpected("')'");
    return inner;
  }
  return readComparison(tokens);
}

function readComparison(tokens: TokenReader): Comparison {
  const field = readField(tokens);
  const operator = readOperator(tokens);
  const operand = readOperand(tokens, operator);
  return { kind: 'comparison', field, operator, operand };
}

const reserved = new Set(['and', 'or', 'not', 'in', 'is', 'order', 'by', 'empty', 'null']);

function readField(tokens: TokenReader): string {
  const token = tokens.peek();
  const isName =
    token.kind === 'quoted' || (token.kind === 'word' && !reserved.has(token.text.toLowerCase()));
  if (!isName || token.text === '') throw tokens.unexpected('a field name');
  return tokens.next().text;
}

const comparisonSymbols = ['=', '!=', '~', '!~', '<', '<=', '>', '>='] as const;

function readOperator(tokens: TokenReader): Operator {
  const token = tokens.peek();
  const symbol = comparisonSymbols.find((candidate) => token.kind === 'symbol' && candidate === token.text);
  if (symbol) {
    tokens.next();
    return symbol;
  }
  if (tokens.takeKeyword('in')) return 'in';
  if (tokens.takeKeyword('is')) return tokens.takeKeyword('not') ? 'is not' : 'is';
  if (tokens.isKeyword('not') && tokens.isKeyword('in', 1)) {
    tokens.next();
    tokens.next();
    return 'not in';
  }
  throw tokens.unexpected("an operator ('=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN' or 'IS')");
}

function readOperand(tokens: TokenReader, operator: Operator): Operand {
  const empty = tokens.isKeyword('empty') || tokens.isKeyword('null');
  if (operator === 'is' || operator === 'is not') {
    if (!empty) throw tokens.unexpected("'EMPTY' or 'NULL'");
    tokens.next();
    return { kind: 'empty' };
  }
  if (empty && (operator === '=' || operator === '!=')) {
    tokens.next();
    return { kind: 'empty' };
  }
  if (operator !== 'in' && operator !== 'not in') return readSingle(tokens);
  if (!tokens.isSymbol('(')) {
    // `IN membersOf("x")`: a function may stand for the whole list.
    const single = readSingle(tokens);
    if (single.kind === 'call') return { kind: 'list', members: [single] };
    throw tokens.unexpected('a list in parentheses');
  }
  tokens.next();
  const members = [readSingle(tokens)];
  while (tokens.takeSymbol(',')) members.push(readSingle(tokens));
  if (!tokens.takeSymbol(')')) throw tokens.unexpected("',' or ')'");
  return { kind: 'list', members };
}

function readSingle(tokens: TokenReader): Exclude<Operand, { kind: 'list' | 'empty' }> {
  const token = tokens.peek();
  const isValue =
    token.kind === 'quoted' || (token.kind === 'word' && !reserved.has(token.text.toLowerCase()));
  if (!isValue) throw tokens.unexpected('a value');
  tokens.next();
  if (token.kind === 'quoted' || !tokens.takeSymbol('(')) return { kind: 'value', text: token.text };
  const args: string[] = [];
  while (!tokens.isSymbol(')')) {
    if (args.length > 0 && !tokens.takeSymbol(',')) throw tokens.unexpected("',' or ')'");
    const argument = tokens.peek();
    if (argument.kind !== 'word' && argument.kind !== 'quoted') throw tokens.unexpected('an argument');
    args.push(tokens.next().text);
  }
  tokens.next();
  return { kind: 'call', name: token.text, args };
}

function readOrderBy(tokens: TokenReader): BooleanQuery['orderBy'] {
  if (!tokens.takeKeyword('order')) return [];
  if (!tokens.takeKeyword('by')) throw tokens.unexpected("'BY'");
  const orderBy: { field: string; descending: boolean }[] = [];
  do {
    const field = readField(tokens);
    const descending = tokens.takeKeyword('desc');
    if (!descending) tokens.takeKeyword('asc');
    orderBy.push({ field, descending });
  } while (tokens.takeSymbol(','));
  return orderBy;
}

/** A query that cannot be read. `column` counts from 1. */
export class QuerySyntaxError extends Error {
  readonly column: number;
  constructor(message: string, column: number) {
    super(message);
    this.name = 'QuerySyntaxError';
    this.column = column;
  }
}

export interface Token {
  readonly kind: 'word' | 'quoted' | 'symbol' | 'end';
  readonly text: string;
  readonly column: number;
}

/** Walks over a query's tokens; past the last one it stays at the end. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws QuerySyntaxError for a quoted string that is not closed. */
  constructor(source: string) {
    this.#tokens = tokenize(source);
  }

  peek(offset = 0): Token {
    const token = this.#tokens[this.#at + offset] ?? this.#tokens.at(-1);
    if (!token) throw new QuerySyntaxError('The query is empty.', 1);
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  isKeyword(word: string, offset = 0): boolean {
    const token = this.peek(offset);
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  isSymbol(...texts: string[]): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && texts.includes(token.text);
  }

  takeKeyword(word: string): boolean {
    if (!this.isKeyword(word)) return false;
    this.#at += 1;
    return true;
  }

  takeSymbol(...texts: string[]): boolean {
    if (!this.isSymbol(...texts)) return false;
    this.#at += 1;
    return true;
  }

  unexpected(expected: string): QuerySyntaxError {
    const token = this.peek();
    const got = token.kind === 'end' ? 'the end of the query' : `'${token.text}'`;
    return new QuerySyntaxError(`Expecting ${expected} but got ${got}.`, token.column);
  }
}

const symbols = ['!=', '!~', '<=', '>=', '&&', '||', '=', '~', '<', '>', '(', ')', ',', '!', '&', '|'];

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source.charAt(at);
    const column = at + 1;
    if (/\s/.test(character)) {
      at += 1;
    } else if (character === '"' || character === "'") {
      const { text, end } = readQuoted(source, at);
      tokens.push({ kind: 'quoted', text, column });
      at = end;
    } else {
      const symbol = symbols.find((candidate) => source.startsWith(candidate, at));
      const text = symbol ?? /^[^\s"'=!~<>(),&|]+/.exec(source.slice(at))?.[0] ?? character;
      tokens.push({ kind: symbol ? 'symbol' : 'word', text, column });
      at += text.length;
    }
  }
  return [...tokens, { kind: 'end', text: '', column: source.length + 1 }];
}

function readQuoted(source: string, start: number): { text: string; end: number } {
  const quote = source.charAt(start);
  let text = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === quote) return { text, end: at + 1 };
    if (character === '\\' && at + 1 < source.length) {
      at += 1;
      text += unescaped(source.charAt(at));
    } else {
      text += character;
    }
  }
  throw new QuerySyntaxError('The quoted string is not closed.', start + 1);
}

function unescaped(character: string): string {
  return { n: '\n', t: '\t', r: '\r' }[character] ?? character;
}
